import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Scope } from '../../gateway/contracts.ts'
import { fakeName } from '../../plugins/masks/fake-name.ts'
import { testKeys } from '../contract/key-ring.ts'

const scope: Scope = { consumer: 'portal', purpose: 'enrolment', dataType: 'person_name' }
const mask = fakeName.create({}, testKeys)
const fake = (name: string, of = scope) => mask.mask(name, of)

test('one name has one fake name for one consumer and purpose, whatever stands around it', () => {
  assert.equal(fake('张三丰'), fake(' 张三丰 '))
  assert.equal(fake('张三丰', { ...scope }), fake('张三丰'))
})

test('consumers and purposes have their own', () => {
  const names = ['张三丰', '李小龙', '王重阳', '欧阳锋']
  const other = names.filter(name => fake(name) !== fake(name, { ...scope, consumer: 'library' }))
  assert.ok(other.length >= 3)
})

test('a fake name looks like the name it stands for, and shares no character in its place', () => {
  for (const name of ['张三', '张三丰', '王芳', '李伟', '赵敏']) {
    const other = fake(name)!
    assert.match(other, /^\p{Script=Han}{2,3}$/u)
    assert.equal([...other].length, [...name].length)
    for (const [at, character] of [...name].entries()) assert.notEqual([...other][at], character)
  }
  assert.match(fake('Jane Doe')!, /^[A-Z][a-z]+ [A-Z][a-z]+$/)
  assert.match(fake('Doe, Jane')!, /^[A-Z][a-z]+, [A-Z][a-z]+$/)
})

test('most of a thousand people have a fake name of their own', () => {
  const characters = [...'伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂文辉玲玉红建华国庆']
  const names = characters.flatMap(a => characters.slice(0, 31).map(b => `张${a}${b}`)).slice(0, 1000)
  assert.ok(new Set(names.map(name => fake(name))).size > 980)
})
