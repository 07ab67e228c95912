/** FHIR R4 resources made up for these tests, for where the corpus is missing; written by hand, not by JSON.stringify. */
export const ownResources: Readonly<Record<string, string>> = {
  patient: `{
  "resourceType" : "Patient", "id":"p1",
  "meta": {"versionId": "1", "tag": [{"system":"http://example.org/tags","code":"vip","display":"Very important"}]},
  "text" : { "status":"generated", "div" : "<div xmlns=\\"http://www.w3.org/1999/xhtml\\"><p>Wang Xiuying, 1988-02-03<\\/p></div>" },
  "identifier":[{"use":"usual","type":{"coding":[{"code":"MR","display":"Medical record number"}],"text":"MRN"},"system":"urn:oid:1.2.3","value":"MRN-000431"}],
  "active" : true,
  "name":[{"use":"official","text":"王秀英","family":"王","given":["秀英"],"period":{"start":"1988-02-03"}}],
  "telecom":[{"system":"phone","value":"13800138000","use":"mobile","rank":1},{"system":"email","value":"xiuying@example.org"}],
  "gender":"female","birthDate":"1988-02-03",
  "address":[{"use":"home","type":"both","text":"浙江省杭州市西湖区文三路 138 号","line":["文三路 138 号"],"city":"杭州市","state":"浙江省","postalCode":"310012","country":"CN"}],
  "contact":[{"relationship":[{"coding":[{"code":"N","display":"Next of kin"}]}],"name":{"family":"李","given":["建国"]},"telecom":[{"system":"phone","value":"0571-87654321"}]}],
  "generalPractitioner":[{"reference":"Practitioner/d1","display":"Dr Zhao Min"}]
}`,
  observation: `{"resourceType":"Observation","id":"o1","status":"final",
  "code":{"coding":[{"system":"http://loinc.org","code":"29463-7","display":"Body Weight"}]},
  "subject":{"reference":"Patient/p1","display":"Wang Xiuying"},"effectiveDateTime":"2026-03-28",
  "valueQuantity":{"value":1.00065022141624642e2,"unit":"kg"},"component":[{"valueQuantity":{"value":-0.0}},{"valueQuantity":{"value":12345678901234567890}}]}`,
  bundle: `{"resourceType":"Bundle","type":"searchset","total":2,"entry":[
  {"fullUrl":"https://example.org/fhir/Encounter/e1","resource":{"resourceType":"Encounter","id":"e1","class":{"code":"AMB","display":"ambulatory"},
    "participant":[{"individual":{"reference":"Practitioner/d1","display":"Dr Zhao Min"}}]}},
  {"resource":{"resourceType":"DocumentReference","id":"x1","contained":[{"resourceType":"Practitioner","id":"d1","name":[{"family":"赵","given":["敏"]}]}],
    "masterIdentifier":{"system":"urn:ietf:rfc:3986","value":"urn:oid:1.3.6.1.4.1.21367.2005"},
    "content":[{"attachment":{"contentType":"application/pdf","data":"JVBERi0xLjQ=","title":"Scan"},"format":{"code":"pdf","display":"PDF document"}}]}}]}`,
}
