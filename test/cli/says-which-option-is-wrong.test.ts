import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCommand } from '../support/run-command.ts'

test('an option that there is not is named, and those that there are follow', async () => {
  for (const [command, right] of [
    ['serve', '--config'],
    ['check', '--config'],
    ['mask', '--system'],
    ['explain', '--system'],
    ['rehearse', '--upstream'],
    ['diff', 'OLD'],
    ['keys list', '--config'],
    ['keys api-key', 'NAME'],
    ['accounts list', '--config'],
    ['policies approve', '--key'],
    ['records query', '--records'],
    ['grants list', '--key'],
  ] as const) {
    const ran = await runCommand([...command.split(' '), '--confg', 'x'])
    assert.equal(ran.status, 2, command)
    assert.match(ran.stderr, /^There is no option --confg\./, command)
    assert.ok(ran.stderr.includes(`veilgate ${command}`) && ran.stderr.includes(right), ran.stderr)
  }
})

test('an option without its value, and a flag with one, are named', async () => {
  const without = await runCommand(['records', 'query', '--records', '.', '--limit'])
  assert.match(without.stderr, /^The option --limit lacks its value/)
  const flag = await runCommand(['records', 'query', '--json=yes'], { lang: 'zh' })
  assert.match(flag.stderr, /^选项 --json 缺少取值，或不应有取值/)
})

test('an address beside a gateway.yaml is refused and not passed over: the file says where to listen', async () => {
  for (const [option, address] of [
    ['--admin', '127.0.0.1:0'],
    ['--listen', '0.0.0.0:80'],
  ] as const) {
    const { status, stderr } = await runCommand(['serve', '--config', 'gateway.yaml', option, address])
    assert.equal(status, 2)
    assert.match(stderr, /^--listen and --admin go with --upstream only/)
  }
})

test('of what was typed nothing is repeated but the option: it can be somebody’s number', async () => {
  for (const typed of ['13800138000', '--13800138000', '--limit13800138000=5', '-1']) {
    const { status, stderr } = await runCommand(['records', 'query', typed])
    assert.equal(status, 2)
    assert.ok(!stderr.includes('138001'), stderr)
  }
})

test('a second word that names no command is told, with the one that was meant', async () => {
  const { status, stderr, stdout } = await runCommand(['records', 'qurey'])
  assert.equal(status, 2)
  assert.match(stderr, /no command named 'records qurey'\. Did you mean veilgate records query\?/)
  assert.match(stdout, /records query/)
  assert.match((await runCommand(['sreve'], { lang: 'zh' })).stderr, /您是否想运行 veilgate serve？/)
})

test('a language that there is not is refused; a locale names its language', async () => {
  for (const args of [['--lang', 'fr'], ['--lang'], ['--lang=english'], ['--lang', '--json']]) {
    const { status, stderr } = await runCommand(['records', 'query', '--help', ...args])
    assert.equal(status, 2, args.join(' '))
    assert.equal(stderr, '--lang takes zh or en.\n')
  }
  assert.match((await runCommand(['records', 'query', '--help', '--lang', 'zh_CN.UTF-8'])).stdout, /记录/)
})
