import { describe, expect, it } from 'vitest'
import { type Condition, conditionSchema, holds, misfits } from './condition.ts'
import { checkForm, fieldSchema } from './form.ts'

const fields = [
  { name: 'amount', title: 'Amount', kind: 'money' },
  { name: 'kind', title: 'Kind', kind: 'choice', options: ['travel', 'food'] },
  { name: 'urgent', title: 'Urgent', kind: 'yes-no', required: false },
  { name: 'day', title: 'Day', kind: 'date', required: false },
  { name: 'team', title: 'Team', kind: 'users', required: false },
].map((field) => fieldSchema.parse(field))
const form = { amount: 5_000, kind: 'travel', day: '2026-01-05', team: ['u1'] }

describe('a condition', () => {
  it.each<[Condition, boolean]>([
    [{ field: 'amount', is: 'gte', value: 5_000 }, true],
    [{ field: 'amount', is: 'gt', value: 5_000 }, false],
    [{ field: 'amount', is: 'lt', value: 5_001 }, true],
    [{ field: 'amount', is: 'lte', value: 4_999 }, false],
    [{ field: 'kind', is: 'eq', value: 'travel' }, true],
    [{ field: 'kind', is: 'ne', value: 'travel' }, false],
    [{ field: 'kind', is: 'in', values: ['food', 'travel'] }, true],
    [{ field: 'day', is: 'lt', value: '2026-02-01' }, true],
    [{ field: 'team', is: 'contains', value: 'u1' }, true],
    [{ field: 'urgent', is: 'filled' }, false],
    [{ field: 'urgent', is: 'eq', value: true }, false],
    [{ not: { field: 'urgent', is: 'filled' } }, true],
    [
      {
        all: [
          { field: 'team', is: 'filled' },
          { field: 'amount', is: 'lt', value: 1 },
        ],
      },
      false,
    ],
    [
      {
        any: [
          { field: 'team', is: 'filled' },
          { field: 'amount', is: 'lt', value: 1 },
        ],
      },
      true,
    ],
  ])('%j is %s', (condition, expected) => {
    expect(misfits(condition, fields)).toEqual([])
    expect(holds(condition, form)).toBe(expected)
  })

  it.each<Condition>([
    { field: 'amount', is: 'eq', value: '5000' },
    { field: 'urgent', is: 'gt', value: true },
    { field: 'kind', is: 'eq', value: 'fun' },
    { field: 'amount', is: 'contains', value: '5' },
    { not: { field: 'nothing', is: 'filled' } },
  ])('%j does not fit the form', (condition) => {
    expect(misfits(condition, fields)).toHaveLength(1)
  })

  it('cannot be so deep that it takes the stack', () => {
    let deep: unknown = { field: 'amount', is: 'filled' }
    for (let i = 0; i < 5; i++) deep = { not: deep }
    expect(conditionSchema.safeParse(deep).success).toBe(false)
  })
})

describe('a form', () => {
  it('takes what fits its fields and nothing else', () => {
    expect(checkForm(fields, form).form).toEqual(form)
    const wrong = { ...form, amount: -1, kind: 'fun', day: 'monday', team: [], more: 1 }
    expect(
      checkForm(fields, wrong)
        .issues.map(({ field }) => field)
        .sort(),
    ).toEqual(['', 'amount', 'day', 'kind', 'team'])
    expect(checkForm(fields, {}).issues.map(({ field }) => field)).toEqual(['amount', 'kind'])
    expect(
      checkForm(fields, JSON.parse('{"amount":1,"kind":"food","__proto__":{"x":1}}')).form,
    ).toBeUndefined()
  })
})
