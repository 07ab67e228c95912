/**
 * The JSON Schemas of the three kinds of policy file: the ones this code validates with, and the ones editors read from
 * policies/schema/. What masks and detectors take comes from the plugins' own options.
 */
import type { Bilingual, MaskPlugin, Plugins } from '../contracts.ts'
import type { Schema } from './validate.ts'

export type FileKind = 'catalogue' | 'audiences' | 'system'

/** Forms a catalogue defines a mask for; the others need none. */
export const maskedForms = ['partial', 'generalize', 'token', 'digest'] as const
const allForms = ['clear', ...maskedForms, 'redact', 'remove'] as const
export const presentables = ['operator', 'purpose', 'basis', 'grant'] as const

const cell = '[ABCD][1-4]'
const words = (zh: string, en: string): Bilingual => ({ zh, en })

const typeName = {
  pattern: '^[a-z][a-z0-9_]{0,63}$',
  'x-words': words(
    '小写字母开头，只含小写字母、数字和下划线',
    'lower-case letters, digits and underscores, beginning with a letter',
  ),
}
const plainName = {
  pattern: '^[a-z][a-z0-9_-]{0,63}$',
  'x-words': words(
    '小写字母开头，只含小写字母、数字、- 和 _',
    'lower-case letters, digits, - and _, beginning with a letter',
  ),
}
const text = { type: 'string', minLength: 1, maxLength: 400 }
const bilingual = object({ zh: text, en: text }, ['zh', 'en'])
const fieldNames = (description: string) => ({
  type: 'array',
  description,
  items: { type: 'string', minLength: 1, maxLength: 128 },
})

export function schemasOf(plugins: Plugins): Readonly<Record<FileKind, Schema>> {
  return {
    catalogue: file('A Veilgate catalogue: what kinds of personal information exist', catalogueKeys(plugins), [
      'data_types',
    ]),
    audiences: file('Veilgate audiences: what each sees of each level', audienceKeys(), ['audiences']),
    system: file('A Veilgate system: where personal information is in it', systemKeys(), ['system', 'routes']),
  }
}

function catalogueKeys(plugins: Plugins): Schema {
  const forms = Object.fromEntries(maskedForms.map(form => [form, maskChoice(plugins.masks, form)]))
  const dataType = object({
    title: { ...bilingual, description: 'What it is called, in Chinese and English.' },
    cell: { type: 'string', pattern: `^${cell}$`, 'x-words': cellWords, description: 'Class and level: A4.' },
    names: fieldNames('Field names that mean it, in any format and spelling.'),
    weak_names: fieldNames('Field names that count only where the detector agrees.'),
    without_names: fieldNames('Names of the shipped catalogue to take away; only with `extends`.'),
    detector: {
      type: ['string', 'object'],
      description: 'Finds it in free text and in unlisted fields: a name, or a name with options.',
      ...oneOfNamed(plugins.detectors),
      if: { type: 'string' },
      // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
      then: { enum: plugins.detectors.map(({ name }) => name) },
    },
    identifies: {
      type: 'integer',
      minimum: 1,
      maximum: 99,
      description: 'How surely it says who the person is, 1 most surely.',
    },
    always: { enum: allForms.slice(1), description: 'At least this form for every audience, whatever was presented.' },
    floor: {
      type: 'integer',
      minimum: 1,
      maximum: 64,
      description: 'Characters that must stay hidden, put together; a third if left out.',
    },
    derives: {
      type: 'object',
      description: 'Other types that tell a part of it: from which character to before which, counted from 0.',
      propertyNames: typeName,
      additionalProperties: {
        type: 'array',
        items: { type: 'integer', minimum: 0, maximum: 64 },
        minItems: 2,
        maxItems: 2,
      },
    },
    examples: {
      type: 'array',
      items: { type: 'string', minLength: 1, maxLength: 256 },
      description: 'Made-up values, to try the masks on.',
    },
    forms: { ...object(forms), description: 'The mask for each form.' },
  })
  return {
    extends: { enum: ['veilgate'], description: 'Adds to the shipped catalogue instead of replacing it.' },
    data_types: {
      type: 'object',
      description: 'Data types by name.',
      propertyNames: { ...typeName, not: { enum: ['free_text', 'not_personal', 'any', 'cell'] } },
      additionalProperties: dataType,
    },
  }
}

function audienceKeys(): Schema {
  const form = { enum: [...allForms] }
  const levels = (value: Schema, what: string) =>
    Object.fromEntries([4, 3, 2, 1].map(level => [String(level), { ...value, description: `${what} level ${level}.` }]))
  const demanded = { type: 'array', items: { enum: [...presentables] }, minItems: 1, uniqueItems: true }
  return {
    audiences: {
      type: 'object',
      description: 'Audiences by name.',
      minProperties: 1,
      propertyNames: plainName,
      additionalProperties: object({
        title: { ...bilingual, description: 'What it is called, in Chinese and English.' },
        like: { type: 'string', description: 'Another audience; what is not said here is as there.' },
        ...levels(form, 'The form of'),
        clear_with: {
          ...object(levels(demanded, 'What must be presented to see clear')),
          description: 'What must be presented to see a level clear.',
        },
      }),
    },
    always: {
      type: 'object',
      description: 'At least this form of a cell, for every audience, whatever was presented.',
      propertyNames: { pattern: `^${cell}$`, 'x-words': cellWords },
      additionalProperties: { enum: allForms.slice(1) },
    },
  }
}

function systemKeys(): Schema {
  const reason = { type: 'string', minLength: 1, maxLength: 400 }
  const fields = (description: string) => ({
    type: 'object',
    description,
    additionalProperties: {
      type: ['string', 'object'],
      properties: { not_personal: { ...reason, description: 'Why this is not personal information.' } },
      required: ['not_personal'],
      additionalProperties: false,
    },
  })
  const types = (description: string) => ({ type: 'object', description, additionalProperties: { type: 'string' } })
  const route = object(
    {
      path: {
        type: 'string',
        minLength: 1,
        maxLength: 512,
        description: 'Literal beats {x} beats **; {x} is one segment, ** the rest.',
      },
      methods: {
        type: 'array',
        items: { enum: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] },
        minItems: 1,
        uniqueItems: true,
        description: 'GET and HEAD if left out; GET brings HEAD.',
      },
      params: types('The types of the path parameters.'),
      query: types('The types of the query parameters, or `any`; others are refused once this key is there.'),
      fields: fields('Fields of this route; they go before those of the system.'),
      unlisted: {
        type: ['string', 'object'],
        description: 'Values that no field names: `scan` (if left out), `remove`, or { keep: reason }.',
        properties: { keep: { ...reason, description: 'Why unlisted values may leave unread.' } },
        required: ['keep'],
        additionalProperties: false,
        if: { type: 'string' },
        // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
        then: { enum: ['scan', 'remove'] },
      },
      bulk: {
        ...object({ rows: { type: 'integer', minimum: 1, maximum: 1_000_000_000 } }, ['rows']),
        description: 'More rows than this need a grant.',
      },
      errors: {
        enum: ['mask', 'replace'],
        description: 'Error bodies: mask what can be read (if left out), or replace all.',
      },
    },
    ['path'],
  )
  return {
    system: { ...plainName, type: 'string', description: 'The name, as gateway.yaml has it.' },
    title: { type: ['string', 'object'], description: 'What people call it.', ...bilingualParts },
    fields: fields('Fields by name, for every route of this system.'),
    routes: { type: 'array', items: route, minItems: 1, description: 'What may be asked; everything else is refused.' },
    tests: { type: 'array', items: testCase(), description: 'Examples, run by `veilgate test` through the engine.' },
  }
}

function testCase(): Schema {
  const sees = { type: 'string', maxLength: 1_000_000 }
  const expectation = {
    type: ['string', 'object'],
    properties: {
      with: {
        type: 'array',
        items: { enum: [...presentables] },
        uniqueItems: true,
        description: 'What the request presents.',
      },
      sees: { ...sees, description: 'The body this audience gets; compared as JSON.' },
      refused: { type: 'string', description: 'The code of the refusal instead.' },
    },
    additionalProperties: false,
  }
  return object(
    {
      name: text,
      request: { type: 'string', maxLength: 2000, description: 'Method and target: GET /api/students/7.' },
      type: { type: 'string', maxLength: 200, description: 'The media type of `given`; application/json if left out.' },
      given: { ...sees, description: 'The body the system answers with.' },
      expect: {
        type: 'object',
        description: 'By audience: the body it gets, { with, sees } or { refused }.',
        minProperties: 1,
        additionalProperties: expectation,
      },
    },
    ['name', 'request', 'expect'],
  )
}

const cellWords = words('写作一个字母 A 至 D 加一个数字 1 至 4，如 A4', 'a letter A to D and a digit 1 to 4, as in A4')
const bilingualParts = { properties: bilingual['properties'], required: ['zh', 'en'], additionalProperties: false }

function maskChoice(masks: readonly MaskPlugin[], form: string): Schema {
  return { type: 'object', description: `The mask of the form ${form}, with its options.`, ...oneOfNamed(masks) }
}

/** `{ name: options }` with exactly one of the plugins' names. */
function oneOfNamed(plugins: readonly { name: string; options: object; summary: Bilingual }[]): Schema {
  const named = plugins.map(({ name, options, summary }) => [name, { description: summary.en, ...options }] as const)
  return { properties: Object.fromEntries(named), additionalProperties: false, minProperties: 1, maxProperties: 1 }
}

function object(properties: Schema, required: readonly string[] = []): Schema {
  return { type: 'object', properties, additionalProperties: false, ...(required.length > 0 ? { required } : {}) }
}

function file(title: string, keys: Schema, required: readonly string[]): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title,
    ...object(
      { $schema: { type: 'string', description: 'Where the schema of this file is, for editors.' }, ...keys },
      required,
    ),
  }
}
