import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { jsonReaders, limits, maskBody, masking, scope } from '../support/mask-body.ts'
import { mask, planOf } from '../support/plan.ts'

const plan = planOf({
  fields: {
    姓名: 'name',
    xm: 'name',
    电话: 'phone',
    tel: 'phone',
    身份证号: 'id',
    'ward.name': 'open',
    '/known.value': 'open',
  },
  types: {
    name: { form: 'partial', mask: mask('keep_ends', { head: 1 }) },
    phone: {},
    id: { cell: 'A4', form: 'remove' },
    open: { kind: 'not_personal', cell: 'D1' },
  },
})
const masked = (body: string) => maskBody(plan, body).bytes.toString('utf8')

const described: readonly (readonly [what: string, body: string, becomes: string])[] = [
  ['a label beside a value', '{"label":"姓名","value":"张三"}', '{"label":"姓名","value":"张*"}'],
  [
    'in rows',
    '[{"name":"姓名","value":"张三"},{"name":"电话","value":"1"},{"name":"备注","value":"张三"}]',
    '[{"name":"姓名","value":"张*"},{"name":"电话","value":"***"},{"name":"备注","value":"张三"}]',
  ],
  ['in Chinese words', '{"字段名":"姓名","值":"张三"}', '{"字段名":"姓名","值":"张*"}'],
  ['a number', '{"key":"tel","value":13800138000}', '{"key":"tel","value":null}'],
  ['what goes as a whole', '{"label":"身份证号","value":"x"}', '{"label":"身份证号"}'],
  ['a decorated label', '{"label":"* 姓名（必填）：","value":"张三"}', '{"label":"* 姓名（必填）：","value":"张*"}'],
  ['an escaped label', '{"label":"\\u59d3名","value":"张三"}', '{"label":"\\u59d3名","value":"张*"}'],
  ['one of two labels', '{"key":"c1","title":"姓名","value":"张三"}', '{"key":"c1","title":"姓名","value":"张*"}'],
  [
    'members between',
    '{"label":"姓名","o":{"label":"x","a":[{}]},"n":1,"value":"张三"}',
    '{"label":"姓名","o":{"label":"x","a":[{}]},"n":1,"value":"张*"}',
  ],
  [
    'several values',
    '{"field":"姓名","oldValue":"张三","newValue":"李四"}',
    '{"field":"姓名","oldValue":"张*","newValue":"李*"}',
  ],
  ['a list of values', '{"label":"姓名","value":["张三","李四"]}', '{"label":"姓名","value":["张*","李*"]}'],
  ['an object as value', '{"label":"姓名","value":{"text":"张三"}}', '{"label":"姓名","value":{"text":"张*"}}'],
  ['with blanks', '{ "label" : "姓名" , "value" : "张三" }', '{ "label" : "姓名" , "value" : "张*" }'],
  [
    'columns ahead of rows',
    '{"columns":["姓名","班级","tel"],"rows":[["张三","一班","1"],["李四","二班",2]]}',
    '{"columns":["姓名","班级","tel"],"rows":[["张*","一班","***"],["李*","二班",null]]}',
  ],
  [
    'columns behind rows',
    '{"total":2,"rows":[["张三","一班","1"],["李四","二班",2]],"columns":["姓名","班级","tel"]}',
    '{"total":2,"rows":[["张*","一班","***"],["李*","二班",null]],"columns":["姓名","班级","tel"]}',
  ],
  [
    'columns behind rows that are objects with labels, in an object of their own',
    '{ "data" : [ ["张三", "a\\"]"] ], "meta": {"n":[1],"fields":[{"key":"c1","title":"姓名"},{"key":"c2"}]} }',
    '{ "data" : [ ["张*", "a\\"]"] ], "meta": {"n":[1],"fields":[{"key":"c1","title":"姓名"},{"key":"c2"}]} }',
  ],
  [
    'columns behind rows, in one text',
    '{"aaData":[["张三","1"]],"sColumns":"姓名,班级"}',
    '{"aaData":[["张*","1"]],"sColumns":"姓名,班级"}',
  ],
  [
    'columns behind the rows of another object',
    '[{"rows":[["张三"]]},{"columns":["姓名"],"rows":[["张三"]]}]',
    '[{"rows":[["张三"]]},{"columns":["姓名"],"rows":[["张*"]]}]',
  ],
  [
    'pairs of a name and its value',
    '[["姓名","张三"],["班级","一班"],["tel",13800138000],["身份证号","x"]]',
    '[["姓名","张*"],["班级","一班"],["tel",null],["身份证号",null]]',
  ],
  [
    'pairs in rows, also under a name that has columns',
    '{"list":[{"fields":[["班级","一班"],["xm","张三"],["tel","1"]]},{"fields":[["xm","李四"],["tel","2"]]}]}',
    '{"list":[{"fields":[["班级","一班"],["xm","张*"],["tel","***"]]},{"fields":[["xm","李*"],["tel","***"]]}]}',
  ],
  [
    'rows of two columns are no pairs',
    '[["姓名","班级"],["张三","一班"],["李四","二班"]]',
    '[["姓名","班级"],["张*","一班"],["李*","二班"]]',
  ],
  [
    'a first row with names',
    '[["姓名","tel"],["张三","1"],["李四","2"]]',
    '[["姓名","tel"],["张*","***"],["李*","***"]]',
  ],
  [
    'such a table inside',
    '{"a":{"source":[["xm"],["张三"]]},"b":[["张三"]]}',
    '{"a":{"source":[["xm"],["张*"]]},"b":[["张三"]]}',
  ],
  [
    'columns that are objects',
    '{"columns":[{"title":"序号"},{"title":"姓名","width":90}],"data":[[1,"张三"]]}',
    '{"columns":[{"title":"序号"},{"title":"姓名","width":90}],"data":[[1,"张*"]]}',
  ],
  [
    'columns with keys',
    '{"columns":[{"dataIndex":"c1","title":"姓名"},{"dataIndex":"c2","title":"班级"}],"data":[{"c1":"张三","c2":"张三"}]}',
    '{"columns":[{"dataIndex":"c1","title":"姓名"},{"dataIndex":"c2","title":"班级"}],"data":[{"c1":"张*","c2":"张三"}]}',
  ],
  [
    'rows that are objects with their cells in a list',
    '{"colNames":["姓名","班级"],"rows":[{"id":7,"cell":["张三","一班"]},{"id":8,"cell":["李四","张三"]}]}',
    '{"colNames":["姓名","班级"],"rows":[{"id":7,"cell":["张*","一班"]},{"id":8,"cell":["李*","张三"]}]}',
  ],
  [
    'such cells as objects',
    '{"cols":[{"id":"","label":"姓名"},{"label":"班级"}],"rows":[{"c":[{"v":"张三","f":"张三"},{"v":"张三"}]}]}',
    '{"cols":[{"id":"","label":"姓名"},{"label":"班级"}],"rows":[{"c":[{"v":"张*","f":"张*"},{"v":"张三"}]}]}',
  ],
  [
    'rows with their cells by number',
    '{"columns":["班级","姓名"],"data":[{"0":"张三","1":"张三","2":"张三"}]}',
    '{"columns":["班级","姓名"],"data":[{"0":"张三","1":"张*","2":"张三"}]}',
  ],
  [
    'columns and rows by the words of DataTables',
    '{"aoColumns":[{"sTitle":"班级"},{"sTitle":"姓名"}],"aaData":[["张三","张三"]]}',
    '{"aoColumns":[{"sTitle":"班级"},{"sTitle":"姓名"}],"aaData":[["张三","张*"]]}',
  ],
  [
    'a change in short words',
    '{"col":"姓名","oldVal":"张三","newVal":"李四"}',
    '{"col":"姓名","oldVal":"张*","newVal":"李*"}',
  ],
  [
    'one row beside its columns',
    '{"labels":["姓名","班级"],"values":["张三","张三"]}',
    '{"labels":["姓名","班级"],"values":["张*","张三"]}',
  ],
  [
    'a value where rows could be, in what the policy names',
    '{"姓名":{"columns":["xm"],"data":"张三"}}',
    '{"姓名":{"columns":["x*"],"data":"张*"}}',
  ],
  [
    'columns in an object beside rows',
    '{"meta":{"fields":[{"name":"姓名"},{"name":"班级"}]},"rows":[["张三","一班"]]}',
    '{"meta":{"fields":[{"name":"姓名"},{"name":"班级"}]},"rows":[["张*","一班"]]}',
  ],
  [
    'a column that goes',
    '{"columns":["身份证号","班级"],"rows":[["x","一班"]]}',
    '{"columns":["身份证号","班级"],"rows":[[null,"一班"]]}',
  ],
  [
    'columns that go, with what is in them, in rows of every kind',
    '{"columns":["身份证号","姓名","身份证号"],"rows":[["x","张三","y"],[{"a":[1]},"张三",[1,"x"]],{"cell":["x"]},["x"]]}',
    '{"columns":["身份证号","姓名","身份证号"],"rows":[[null,"张*",null],[{},"张*",[]],{"cell":[null]},[null]]}',
  ],
  [
    'columns in lists of lists, as LayUI and EasyUI have them',
    '{"cols":[[{"field":"c1","title":"班级"},{"field":"c2","title":"姓名"}]],"data":[{"c1":"张三","c2":"张三"}]}',
    '{"cols":[[{"field":"c1","title":"班级"},{"field":"c2","title":"姓名"}]],"data":[{"c1":"张三","c2":"张*"}]}',
  ],
  [
    'columns under a column that spans several',
    '{"columns":[[{"title":"学生","colspan":2}],[],[{"field":"c1","title":"姓名"},{"field":"c2","title":"班级"}]],"rows":[{"c1":"张三","c2":"张三"}]}',
    '{"columns":[[{"title":"学生","colspan":2}],[],[{"field":"c1","title":"姓名"},{"field":"c2","title":"班级"}]],"rows":[{"c1":"张*","c2":"张三"}]}',
  ],
  [
    'a list of columns with something else in it than columns',
    '{"cols":[[{"title":"姓名"},1]],"data":[["张三"]]}',
    '{"cols":[[{"title":"姓名"},1]],"data":[["张三"]]}',
  ],
  [
    'a table by the name of columns',
    '{"fields":[["姓名","班级"],["张三","张三"]],"rows":[["张三"]]}',
    '{"fields":[["姓名","班级"],["张*","张三"]],"rows":[["张三"]]}',
  ],
  [
    'what columns are called in one list and their cells by in another, as jqGrid has it',
    '{"colNames":["班级","姓名"],"colModel":[{"name":"c1"},{"name":"c2"}],"rows":[{"c1":"张三","c2":"张三"},{"cell":["张三","张三"]}]}',
    '{"colNames":["班级","姓名"],"colModel":[{"name":"c1"},{"name":"c2"}],"rows":[{"c1":"张三","c2":"张*"},{"cell":["张三","张*"]}]}',
  ],
  [
    'other columns behind rows',
    '[{"columns":["姓名"],"rows":[["张三"]],"fields":["班级","电话"],"data":[["张三",1]]},{"columns":["班级"],"data":[["张三"]]}]',
    '[{"columns":["姓名"],"rows":[["张*"]],"fields":["班级","电话"],"data":[["张三",null]]},{"columns":["班级"],"data":[["张三"]]}]',
  ],
  [
    'columns in one text, as old DataTables have them',
    '{"sColumns":"班级, 姓名,tel","aaData":[["张三","张三",1]]}',
    '{"sColumns":"班级, 姓名,tel","aaData":[["张三","张*",null]]}',
  ],
  [
    'columns by the words of AG Grid and ExtJS',
    '[{"columnDefs":[{"field":"c1","headerName":"姓名"}],"rowData":[{"c1":"张三"}]},{"metaData":{"fields":[{"key":"xm","mapping":"c2"}]},"root":[{"c2":"张三"}]}]',
    '[{"columnDefs":[{"field":"c1","headerName":"姓名"}],"rowData":[{"c1":"张*"}]},{"metaData":{"fields":[{"key":"xm","mapping":"c2"}]},"root":[{"c2":"张*"}]}]',
  ],
  [
    'changes that say where a value stands, as JSON Patch does',
    '[{"op":"replace","path":"/rows/0/xm","value":"张三"},{"op":"add","value":"张三","path":"/xm"},{"path":"ward.tel","old":"张三"},{"op":"add","path":"/rows/0/bj","value":"张三"}]',
    '[{"op":"replace","path":"/rows/0/xm","value":"张*"},{"op":"add","value":"张*","path":"/xm"},{"path":"ward.tel","old":"***"},{"op":"add","path":"/rows/0/bj","value":"张三"}]',
  ],
  ['a label behind its value', '{"value":"张三","label":"姓名"}', '{"value":"张*","label":"姓名"}'],
  [
    'labels behind values in rows',
    '[{"v":"张三","name":"xm"},{"v":5,"name":"tel"},{"v":"张三","name":"备注"},{"v":"张三"}]',
    '[{"v":"张*","name":"xm"},{"v":null,"name":"tel"},{"v":"张三","name":"备注"},{"v":"张三"}]',
  ],
  [
    'an escaped label behind',
    '{"n" : 1, "\\u503c" : "张三" , "o":{"label":"电话"}, "l\\u0061bel" : "\\u59d3名："}',
    '{"n" : 1, "\\u503c" : "张*" , "o":{"label":"电话"}, "l\\u0061bel" : "\\u59d3名："}',
  ],
  [
    'a label on either side',
    '{"key":"c1","value":["张三",{"text":"张三"}],"title":"姓名"}',
    '{"key":"c1","value":["张*",{"text":"张*"}],"title":"姓名"}',
  ],
  ['a label behind a value that goes', '{"a":1,"value":"x","label":"身份证号"}', '{"a":1,"label":"身份证号"}'],
  [
    'labels of other objects',
    '[{"value":"张三"},{"o":{"value":"张三"},"label":"姓名"}]',
    '[{"value":"张三"},{"o":{"value":"张三"},"label":"姓名"}]',
  ],
  [
    'a value that a column names, with a label that names nothing',
    '{"columns":[{"prop":"content","label":"姓名"}],"rows":[{"content":"张三","title":"x"},{"title":"x","content":"张三"}]}',
    '{"columns":[{"prop":"content","label":"姓名"}],"rows":[{"content":"张*","title":"x"},{"title":"x","content":"张*"}]}',
  ],
  ['what nobody has told', '{"value":"张三","columns":["姓名"]}', '{"value":"张三","columns":["姓名"]}'],
  [
    'lists to choose columns from',
    '[{"label":"姓名","value":"xm"},{"label":"电话","value":"tel"}]',
    '[{"label":"姓名","value":"xm"},{"label":"电话","value":"tel"}]',
  ],
  [
    'a value that the policy names itself',
    '{"known":{"label":"姓名","value":"张三"}}',
    '{"known":{"label":"姓名","value":"张三"}}',
  ],
  [
    'a name that is harmless there',
    '{"ward":{"label":"name","value":"三病区"}}',
    '{"ward":{"label":"name","value":"三病区"}}',
  ],
  [
    'names of people beside values',
    '[{"name":"张三","value":90},{"name":"李四","value":80}]',
    '[{"name":"张三","value":90},{"name":"李四","value":80}]',
  ],
  ['rows with no columns', '{"rows":[["张三",1],["李四",2]]}', '{"rows":[["张三",1],["李四",2]]}'],
  [
    'columns of another object',
    '[{"columns":["姓名"]},{"rows":[["张三"]]}]',
    '[{"columns":["姓名"]},{"rows":[["张三"]]}]',
  ],
]

for (const [what, body, becomes] of described) {
  test(`a body describes itself: ${what}`, () => {
    assert.equal(masked(body), becomes)
    const bytes = Buffer.from(body)
    for (let cut = 1; cut < bytes.length; cut++) {
      assert.equal(maskBody(plan, bytes, [cut]).bytes.toString('utf8'), becomes, `cut at ${cut}`)
    }
    const many = Array.from({ length: 40 }, () => body)
    assert.equal(masked(`[${many.join(',')}]`), `[${many.map(() => becomes).join(',')}]`)
  })
}

test('what goes of rows whose cells the policy names by number leaves the others in their columns', () => {
  const numbered = planOf({
    fields: { '$.data[*][1]': 'id', '$.data[*][2]': 'name' },
    types: { name: { form: 'partial', mask: mask('keep_ends', { head: 1 }) }, id: { cell: 'A4', form: 'remove' } },
  })
  const body = Buffer.from('{"data":[[1,"x","张三",true],["x",2,"李四"]],"other":["x"]}')
  for (let cut = 0; cut < body.length; cut++)
    assert.equal(
      maskBody(numbered, body, [cut]).bytes.toString('utf8'),
      '{"data":[[1,null,"张*",true],["x",null,"李*"]],"other":["x"]}',
    )
})

test('a label behind its value is looked for as far as it can be waited for, however the body is cut', () => {
  const body = (gap: number) => Buffer.from(`[{"value":"张三","gap":"${'x'.repeat(gap)}","label":"姓名"},1]`)
  const far = Array.from({ length: 60 }, (_, at) => 960 + at)
  const reached = far.filter(gap => maskBody(plan, body(gap)).bytes.toString('utf8').includes('张*'))
  // The value begins 1,024 bytes or more before the quote that ends the label.
  const gapInReach = 1023 - Buffer.byteLength('"张三","gap":"","label":"姓名')
  assert.deepEqual(
    reached,
    far.filter(gap => gap <= gapInReach),
  )
  for (const gap of [gapInReach, gapInReach + 1]) {
    const whole = maskBody(plan, body(gap)).bytes
    for (let cut = 1; cut < body(gap).length; cut += cut < 40 || cut > 960 ? 1 : 97) {
      assert.deepEqual(maskBody(plan, body(gap), [cut]).bytes, whole)
    }
  }
})

test('a value does not wait for a label that cannot count any more', () => {
  const masker = masking.start(plan, jsonReaders[0]!, scope, limits)
  const [first, rest] = ['{"value":"张三","gap":"', 'x'.repeat(2000)]
  assert.equal(Buffer.concat(masker.write(Buffer.from(first))).toString(), '{')
  assert.ok(
    Buffer.concat(masker.write(Buffer.from(rest)))
      .toString()
      .startsWith('"value":"张三"'),
  )
})

test('rows are withheld whose columns come too far behind them to wait for', () => {
  const body = (column: string, rows: number) =>
    Buffer.from(
      `{"rows":[${Array.from({ length: rows }, () => '["张三","一班"]').join()}],"columns":["${column}","班级"]}`,
    )
  const [near, far] = [12_000, 14_000]
  for (const cuts of [[], Array.from({ length: 70 }, (_, at) => at * 4096)]) {
    assert.ok(!maskBody(plan, body('姓名', near), cuts).bytes.toString().includes('张三'))
    assert.throws(() => maskBody(plan, body('姓名', far), cuts), { code: 'ANSWER_TOO_LARGE' })
    assert.deepEqual(maskBody(plan, body('学院', far), cuts).bytes, body('学院', far))
  }
})

test('labels keep apart what is read in turns', () => {
  const [first, second] = ['{"label":"姓名","value":"张三"}', '{"label":"备注","value":"张三"}'].map(text =>
    Buffer.from(text),
  )
  for (let cut = 1; cut < first!.length; cut++) {
    assert.equal(masked(second!.toString()), second!.toString())
    assert.equal(maskBody(plan, first!, [cut]).bytes.toString(), '{"label":"姓名","value":"张*"}')
  }
})

test('the readers agree on whatever describes itself', () => {
  const text = fc.constantFrom(
    ...['姓名', '电话', 'xm', '身份证号', '张三', '', 'x'.repeat(70), 'n', 'value', 'bj,xm', '/a/0/tel', '身份证号;bj'],
  )
  const tree = fc.letrec(tie => ({
    value: fc.oneof(
      { maxDepth: 5 },
      text,
      text,
      fc.constantFrom(1, 13800138000, null, true),
      tie('object'),
      tie('array'),
    ),
    object: fc.dictionary(
      fc.constantFrom(
        ...[
          'label',
          'key',
          'path',
          'value',
          '值',
          'columns',
          'cols',
          'rows',
          'data',
          'content',
          'other',
          'ward',
          'known',
        ],
      ),
      tie('value'),
      { maxKeys: 5 },
    ),
    array: fc.array(tie('value'), { maxLength: 4 }),
  })).value
  const cuts = fc.array(fc.nat(400), { maxLength: 4 })
  fc.assert(
    fc.property(tree, cuts, fc.constantFrom(0, 0, 38, 60), (value, places, deep) => {
      const body = Buffer.from(`${'['.repeat(deep)}${JSON.stringify(value)}${']'.repeat(deep)}`)
      const whole = maskBody(plan, body).bytes
      const sorted = places.map(place => place % (body.length + 1)).sort((a, b) => a - b)
      assert.deepEqual(maskBody(plan, body, sorted).bytes, whole)
      JSON.parse(whole.toString())
    }),
    { numRuns: 3000 },
  )
})

test('columns name the members of rows also where rules look at these', () => {
  const waiting = {
    ...plan,
    bindings: [...plan.bindings],
    rowRules: [
      { members: [{ name: 'kind', values: new Set(['x']) }], age: null, own: null, raise: 0 as const, source: '' },
    ],
  }
  const body = '{"columns":[{"prop":"c1","label":"姓名"}],"data":[{"c1":"张三"},{"kind":"x","c1":"张三"}]}'
  assert.equal(maskBody(waiting, body).bytes.toString(), body.replaceAll('张三', '张*'))
})
