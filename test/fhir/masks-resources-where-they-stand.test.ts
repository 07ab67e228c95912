import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { corpus } from '../support/corpora.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'
import { masksOnlyWhatIsNamed } from './named-elements.ts'
import { ownResources } from './resources.ts'

const { path: folder, skip } = corpus('fhir')
const policy = readFileSync(new URL('../../policies/systems/fhir.yaml', import.meta.url), 'utf8')
const files = skip === false ? readdirSync(folder).filter(name => name.endsWith('.json')) : []
const corpusResources = Object.fromEntries(files.map(name => [name, readFileSync(`${folder}/${name}`, 'utf8')]))
const resources = new Map(Object.entries({ ...ownResources, ...corpusResources }))

let upstream: Upstream
let gateway: TestGateway

before(async () => {
  upstream = await startUpstream((request, response) => {
    const body = resources.get(decodeURIComponent(request.url!.slice(1)))
    response.writeHead(body === undefined ? 404 : 200, { 'Content-Type': 'application/fhir+json; charset=utf-8' })
    response.end(body)
  })
  const policies = { 'systems/upstream.yaml': policy.replace('\nsystem: fhir\n', '\nsystem: upstream\n') }
  gateway = await startTestGateway({ upstream: upstream.url, policies })
})

after(async () => {
  await gateway?.close()
  await upstream?.close()
})

async function read(name: string, key?: string): Promise<string> {
  const headers: Record<string, string> = key === undefined ? {} : { Authorization: `Bearer ${key}` }
  const answer = await fetch(`${gateway.url}/${name}`, { headers })
  assert.equal(answer.status, 200)
  return answer.text()
}

async function isMaskedRight(name: string): Promise<void> {
  const sent = resources.get(name)!
  masksOnlyWhatIsNamed(sent, await read(name), 'public')
  masksOnlyWhatIsNamed(sent, await read(name, gateway.keys.staff), 'staff')
}

describe('FHIR resources of our own, through the gateway', () => {
  for (const name of Object.keys(ownResources)) {
    test(`${name}: named elements are masked wherever they stand, and nothing else`, () => isMaskedRight(name))
  }

  test('staff see names, of a date of birth the year, of an address the city', async () => {
    const seen = JSON.parse(await read('patient', gateway.keys.staff))
    assert.equal(seen.name[0].text, '王秀英')
    assert.equal(seen.birthDate, '1988')
    assert.equal(seen.telecom[0].value, '********000')
    assert.equal(seen.address[0].text, '浙江省杭州市')
    assert.equal(seen.text.div, undefined)
  })

  test('the record says what was masked, and holds no value', async () => {
    const written = await gateway.records()
    const ofPatient = written.filter(({ kind, outcome }) => kind === 'access' && outcome === 'released')
    assert.ok(ofPatient.length > 0)
    assert.ok(ofPatient.some(({ fields }) => 'person_name@A2' in (fields as object)))
    assert.doesNotMatch(JSON.stringify(written), /王秀英|13800138000|MRN-000431|1988-02-03/)
  })
})

describe('FHIR resources of the HL7 corpus, through the gateway', { skip }, () => {
  for (const name of files) {
    test(`${name}: named elements are masked wherever they stand, and nothing else`, () => isMaskedRight(name))
  }
})
