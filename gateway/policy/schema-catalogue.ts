import type { Bilingual, MaskPlugin, Plugins } from '../contracts.ts'
import { about, allForms, bilingual, cell, cellWords, maskedForms, object, typeName } from './schema-parts.ts'
import type { Schema } from './validate.ts'

const fieldNames = (en: string, zh: string) => ({
  type: 'array',
  ...about(en, zh),
  items: { type: 'string', minLength: 1, maxLength: 128 },
})

/** The keys of catalogue.yaml. What masks and detectors take comes from the plugins. */
export function catalogueKeys(plugins: Plugins): Schema {
  const forms = Object.fromEntries(maskedForms.map(form => [form, maskChoice(plugins.masks, form)]))
  const dataType = object({
    title: { ...bilingual, ...about('What it is called, in Chinese and English.', '中英文名称。') },
    cell: {
      type: 'string',
      pattern: `^${cell}$`,
      'x-words': cellWords,
      ...about('Class and level: A4.', '类与级，如 A4。'),
    },
    source: {
      type: 'string',
      minLength: 1,
      maxLength: 256,
      ...about('The clause of a standard or law that names it.', '列出它的标准或法律条款。'),
    },
    names: fieldNames('Field names that mean it, in any format and spelling.', '表示它的字段名，任何格式、任何写法。'),
    weak_names: fieldNames(
      'Field names that count only where the detector agrees.',
      '只有检测器也认出时才算数的字段名。',
    ),
    without_names: fieldNames(
      'Names of the shipped catalogue to take away; only with `extends`.',
      '要从随附目录去掉的字段名；只与 `extends` 同用。',
    ),
    detector: {
      type: ['string', 'object'],
      ...about(
        'Finds it in free text and in unlisted fields: a name, or a name with options.',
        '在自由文本和未列出的字段中找到它的检测器：名称，或名称加选项。',
      ),
      ...oneOf(plugins.detectors.map(detector => [detector.name, optionsOf(detector)])),
      if: { type: 'string' },
      // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
      then: { enum: plugins.detectors.map(({ name }) => name) },
    },
    identifies: {
      type: 'integer',
      minimum: 1,
      maximum: 99,
      ...about(
        'How surely it says who the person is, 1 most surely; from 9 on, as names, it is shared by many.',
        '能多确定地识别到人，1 为最确定；9 及以上的（如姓名）许多人相同。',
      ),
    },
    tells_age: {
      enum: ['birth_date', 'years', 'cn_resident_id'],
      ...about(
        'That it tells how old the person is, and how: for rules with `subject_age`.',
        '它能说明年龄，以及怎样说明：用于含 `subject_age` 的规则。',
      ),
    },
    always: {
      enum: allForms.slice(1),
      ...about(
        'At least this form for every audience, whatever was presented.',
        '对所有受众至少用此形式，无论出示什么。',
      ),
    },
    floor: {
      type: 'integer',
      minimum: 1,
      maximum: 64,
      ...about(
        'Characters that must stay hidden, put together; a third if left out.',
        '拼在一起仍须未知的字符数；不写则为三分之一。',
      ),
    },
    derives: {
      type: 'object',
      ...about(
        'Other types that tell a part of it: from which character to before which, counted from 0.',
        '能透露其一部分的其他类型：从第几个字符到第几个之前，从 0 数起。',
      ),
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
      ...about('Made-up values, to try the masks on.', '用来试验遮盖方式的虚构值。'),
    },
    forms: { ...object(forms), ...about('The mask for each form.', '每种形式用的遮盖方式。') },
  })
  return {
    extends: {
      enum: ['veilgate'],
      ...about('Adds to the shipped catalogue instead of replacing it.', '在随附目录上增改，而不是取代它。'),
    },
    data_types: {
      type: 'object',
      ...about('Data types by name.', '按名称列出的数据类型。'),
      propertyNames: { ...typeName, not: { enum: ['free_text', 'not_personal', 'any', 'cell'] } },
      additionalProperties: dataType,
    },
  }
}

/** The options of each mask, once: all forms take the same, and what checks them is four times as large otherwise. */
export function maskDefinitions(plugins: Plugins): Schema {
  return Object.fromEntries(plugins.masks.map(mask => [definitionOf(mask), optionsOf(mask)]))
}

function maskChoice(masks: readonly MaskPlugin[], form: string): Schema {
  const named = masks.map(mask => [mask.name, { $ref: `#/$defs/${definitionOf(mask)}` }] as const)
  return {
    type: 'object',
    ...about(`The mask of the form ${form}, with its options.`, `形式 ${form} 的遮盖方式及其选项。`),
    ...oneOf(named),
  }
}

const definitionOf = ({ name }: MaskPlugin): string => `mask_${name}`

type Described = { readonly options: object; readonly summary: Bilingual }

const optionsOf = ({ options, summary }: Described): Schema => ({ ...about(summary.en, summary.zh), ...options })

/** `{ name: options }` with exactly one of the names. */
function oneOf(named: readonly (readonly [string, Schema])[]): Schema {
  return { properties: Object.fromEntries(named), additionalProperties: false, minProperties: 1, maxProperties: 1 }
}
