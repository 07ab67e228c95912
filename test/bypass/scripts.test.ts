import assert from 'node:assert/strict'
import { test } from 'node:test'
import { person, sentinel } from '../support/sentinels.ts'
import { answer, wayAround } from '../support/way-around.ts'

const { ask } = wayAround()
const body = JSON.stringify(person)
const types = ['application/json', 'application/javascript', 'text/javascript', 'text/plain', 'text/html', null]

const scripts: Record<string, string> = {
  JSONP: `cb(${body});`,
  'JSONP behind a comment': `/**/cb(${body});`,
  'JSONP with a check': `/**/ typeof cb === 'function' && cb(${body});`,
  'an assignment': `window.name = ${body};`,
  'a module': `export default ${body};`,
  'a variable': `var rows = [${body}];`,
  'an object literal in brackets': `({xm:'${sentinel.name}',tel:'${sentinel.mobile}',csrq:new Date(1994,7,13)})`,
  'an array in brackets': `([['${sentinel.name}']])`,
  'an object literal': `{xm:'${sentinel.name}',tel:'${sentinel.mobile}'}`,
}

for (const [what, text] of Object.entries(scripts)) {
  test(`${what} with a record in it is withheld, whatever it is labelled and whatever was asked`, async () => {
    for (const type of types) {
      const got = await ask(answer(text, { 'content-type': type }), { behind: '?callback=cb&jsonp=cb' })
      // under a vague label a text that is only partly like a script may be read as text
      assert.ok([200, 502].includes(got.status), `${type}: ${got.status}`)
      if (type === 'application/json' || type === 'text/javascript') assert.equal(got.status, 502)
    }
  })
}
