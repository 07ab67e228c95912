import assert from 'node:assert/strict'
import { test } from 'node:test'
import { person, sentinel } from '../support/sentinels.ts'
import { answer, wayAround } from '../support/way-around.ts'

const { ask } = wayAround()
const { mobile, id, name } = sentinel
const body = JSON.stringify(person)
const entities = [...mobile].map(digit => `&#${digit.charCodeAt(0)};`).join('')

const pages: Record<string, string> = {
  'a cell under its header': `<table><tr><th>姓名</th><th>电话</th></tr><tr><td>${name}</td><td>${mobile}</td></tr></table>`,
  'an attribute': `<p data-tel="${mobile}" title="${id}">x</p>`,
  'an attribute in pieces': `<p title="${entities}">x</p>`,
  'an input': `<form><input name="xm" value="${name}"><textarea name="idCard">${id}</textarea></form>`,
  'a comment': `<!-- ${mobile} ${id} --><p>x</p>`,
  'a conditional comment': `<!--[if IE]>${id}<![endif]--><p>x</p>`,
  'JSON in a script': `<script type="application/json">${body}</script>`,
  'a literal in a script': `<script>var tel='${mobile}', id = "${id}"</script>`,
  'a style': `<style>p::after{content:"${mobile}"}</style>`,
  entities: `<p>${entities}</p>`,
  'text in pieces': `<p>139<b></b>1234<!-- -->0987</p>`,
  'a link': `<a href="/find?tel=${mobile}">x</a><a href="tel:${mobile}">y</a>`,
  'a template': `<template><p>${id}</p></template>`,
  'CDATA in a picture': `<svg><text><![CDATA[${id}]]></text><title>${mobile}</title></svg>`,
  'a processing instruction': `<?php echo '${id}' ?><p>x</p>`,
  noscript: `<noscript><p>${id}</p></noscript>`,
  'a frame': `<iframe srcdoc="&lt;p>${id}&lt;/p>"></iframe>`,
  'a meta element': `<meta name="description" content="${mobile}"><meta http-equiv="refresh" content="0;url=/u/${mobile}">`,
  'text behind the end': `</body></html> ${mobile}`,
}

for (const [what, text] of Object.entries(pages)) {
  test(`${what} of a page gives nothing away`, async () => {
    for (const type of ['text/html; charset=utf-8', 'application/xhtml+xml', 'text/plain', null]) {
      const got = await ask(
        answer(`<!DOCTYPE html><html><head><title>t</title></head><body>${text}</body></html>`, {
          'content-type': type,
        }),
      )
      assert.ok([200, 502].includes(got.status))
      await ask(answer(text, { 'content-type': type }))
    }
  })
}

const documents: Record<string, string> = {
  'an element': `<r><xm>${name}</xm><tel>${mobile}</tel></r>`,
  'an attribute': `<r tel="${mobile}" x="${id}"/>`,
  'a comment': `<r><!-- ${id} --></r>`,
  CDATA: `<r><tel><![CDATA[139]]>1234<![CDATA[0987]]></tel></r>`,
  'character references': `<r><tel>${entities}</tel><x>${entities}</x></r>`,
  'an entity of its own': `<!DOCTYPE r [<!ENTITY t "${mobile}">]><r>&t;</r>`,
  'an entity from outside': '<!DOCTYPE r [<!ENTITY t SYSTEM "file:///etc/passwd">]><r>&t;</r>',
  'entities by the billion': `<!DOCTYPE r [<!ENTITY a "${mobile}"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;">]><r>&c;</r>`,
  'a processing instruction': `<?x ${id}?><r><?y ${mobile}?></r>`,
  'a namespace': `<r xmlns:a="urn:${mobile}"><a:tel>${mobile}</a:tel></r>`,
  'a name': `<r><t${mobile}>x</t${mobile}></r>`,
  'JSON in an element': `<r><data>${body.replaceAll('"', '&quot;')}</data></r>`,
  'text behind the root': `<r/>${mobile}`,
  'a second root': `<r/><tel>${mobile}</tel>`,
  'SOAP with an attachment': `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><tel href="#i"/><x id="i">${mobile}</x></s:Body></s:Envelope>`,
}

for (const [what, text] of Object.entries(documents)) {
  test(`${what} of an XML document gives nothing away`, async () => {
    for (const type of ['application/xml', 'text/xml; charset=utf-8', 'application/soap+xml', 'text/plain', null]) {
      const got = await ask(answer(`<?xml version="1.0"?>${text}`, { 'content-type': type }))
      assert.ok([200, 502].includes(got.status))
    }
  })
}

test('what declares entities is withheld, not read', async () => {
  for (const what of ['an entity of its own', 'an entity from outside', 'entities by the billion'] as const) {
    const got = await ask(answer(documents[what]!, { 'content-type': 'application/xml' }))
    assert.deepEqual([got.status, got.code], [502, 'FORMAT_MALFORMED'])
  }
})
