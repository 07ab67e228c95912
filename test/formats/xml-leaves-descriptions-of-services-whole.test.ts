import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskText } from '../support/mask-body.ts'
import { mask, planOf } from '../support/plan.ts'

const plan = planOf({
  fields: { name: 'name', location: 'place', xm: 'name', photo: 'photo' },
  types: {
    name: { form: 'partial', mask: mask('keep_ends', { head: 1 }), cell: 'A2', identifies: 2 },
    place: { form: 'redact', cell: 'A3' },
    photo: { form: 'remove', cell: 'B4' },
    tel: { detector: 'cn_mobile', form: 'redact', cell: 'A3' },
  },
})

const wsdl = `<?xml version="1.0" encoding="utf-8"?>
<wsdl:definitions xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://www.w3.org/2001/XMLSchema" xmlns:tns="urn:t" targetNamespace="urn:t">
  <wsdl:types><s:schema targetNamespace="urn:t"><s:element name="GetStudent"><s:complexType><s:sequence>
    <s:element minOccurs="0" name="xh" type="s:string"/></s:sequence></s:complexType></s:element></s:schema></wsdl:types>
  <wsdl:message name="GetStudentIn"><wsdl:part name="parameters" element="tns:GetStudent"/></wsdl:message>
  <wsdl:service name="Student"><wsdl:port name="StudentSoap" binding="tns:StudentSoap">
    <soap:address location="http://10.0.0.5:8080/ws/Student.asmx"/></wsdl:port></wsdl:service>
</wsdl:definitions>`

test('a WSDL goes through as it is: its names are those of parts and operations', () => {
  assert.equal(maskText(plan, wsdl, 'xml'), wsdl)
})

test('an operation called as a field is keeps its messages, and programs still find them', () => {
  const body = `<d:definitions xmlns:d="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/">
    <d:portType name="P"><d:operation name="photo"><d:input name="photo" message="tns:photo"/><d:output name="photoResponse"/></d:operation></d:portType>
    <d:binding name="B"><d:operation name="photo"><s:operation soapAction="photo" style="document"/><d:input><s:body use="literal"/></d:input></d:operation></d:binding>
  </d:definitions>`
  assert.equal(maskText(plan, body, 'xml'), body)
  assert.equal(maskText(plan, '<r><f n="photo"><b>x</b></f></r>', 'xml'), '<r><f n="photo"><b></b></f></r>')
})

test('so does the schema ahead of the rows of a DataSet; the rows are masked', () => {
  const schema = '<xs:schema id="D" xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="xm"/></xs:schema>'
  const body = (xm: string) => `<r>${schema}<D><T><xm>${xm}</xm></T></D></r>`
  assert.equal(maskText(plan, body('张三'), 'xml'), body('张*'))
})

test('what names no part of a service is masked there as anywhere', () => {
  const open = '<s:element xmlns:s="http://www.w3.org/2001/XMLSchema" xmlns:o="urn:o"'
  for (const [given, shown] of [
    // no name of a part
    [`${open} name="张三"/>`, `${open} name="张*"/>`],
    // found by what it is
    [`${open} name="13800138000"/>`, `${open} name="***"/>`],
    // an attribute of somebody else's
    [`${open} o:name="zhangsan"/>`, `${open} o:name="z*******"/>`],
    // another element, in a description
    [`${open}><o:x name="zhangsan"/></s:element>`, `${open}><o:x name="z*******"/></s:element>`],
    // an element
    [`${open}><o:name>zhangsan</o:name></s:element>`, `${open}><o:name>z*******</o:name></s:element>`],
  ] as const)
    assert.equal(maskText(plan, given, 'xml'), shown)
})
