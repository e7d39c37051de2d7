/** Random documents, queries and orders about a few fields, so that they often have to do with each other. */
import type { Doc, Value } from './reference/values.ts'

export type Order = [path: string, direction: 1 | -1][]

export interface Generator {
  document(): Doc
  query(): Doc
  update(): Doc
  order(): Order
}

export function createGenerator(random: () => number): Generator {
  const below = (count: number) => Math.floor(random() * count)
  // The lists here are not empty.
  const oneOf = <T>(list: readonly T[]): T => list[below(list.length)] as T
  const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make)
  const chance = (share: number) => random() < share

  const scalar = (): Value =>
    oneOf<() => Value>([
      () => below(5) - 1,
      () => below(5) - 1,
      () => oneOf([0.5, -1.5, 2.25, 1e6]),
      () => oneOf(['', 'a', 'ab', 'b', '中', 'a\u0000']),
      () => oneOf([null, true, false]),
      () => new Date(below(3)),
    ])()
  const object = (): Value => {
    const inner: Doc = {}
    if (chance(0.7)) inner.x = scalar()
    if (chance(0.4)) inner.y = chance(0.5) ? { z: scalar() } : scalar()
    return inner
  }
  const value = (): Value => {
    if (chance(0.65)) return scalar()
    if (chance(0.4)) return object()
    return times(below(4), () => (chance(0.6) ? scalar() : chance(0.8) ? object() : times(below(3), scalar)))
  }

  function document(): Doc {
    const made: Doc = {}
    if (chance(0.85)) made.a = value()
    if (chance(0.85)) made.b = scalar()
    if (chance(0.8))
      made.c = chance(0.6) ? object() : times(below(4), () => (chance(0.7) ? object() : scalar()))
    return made
  }

  const path = () => oneOf(['a', 'a', 'b', 'b', 'c', 'c.x', 'c.x', 'c.y.z', 'a.0', 'c.1.x', 'a.x'])
  const comparison = () => oneOf(['$gt', '$gte', '$lt', '$lte'])

  function operators(): Doc {
    return oneOf<() => Doc>([
      () => ({ $eq: value() }),
      () => ({ $ne: scalar() }),
      () => ({ [comparison()]: scalar() }),
      () => ({ $gte: below(3) - 1, $lt: below(5) }),
      () => ({ $in: times(1 + below(3), value) }),
      () => ({ $nin: times(1 + below(3), scalar) }),
      () => ({ $all: times(1 + below(2), scalar) }),
      () => ({ $exists: chance(0.5) }),
      () => ({ $size: below(3) }),
      () => ({ $mod: [2, below(2)] }),
      () => ({ $not: oneOf<Doc>([{ [comparison()]: scalar() }, { $exists: true }, { $in: [scalar()] }]) }),
      () => ({ $elemMatch: { [comparison()]: scalar(), $ne: scalar() } }),
      () => ({ $elemMatch: { x: scalar() } }),
    ])()
  }

  function fields(): Doc {
    const query: Doc = {}
    for (let i = chance(0.8) ? 1 : 0; i < 2; i++) query[path()] = chance(0.35) ? value() : operators()
    return query
  }

  function query(depth = 2): Doc {
    if (depth === 0 || chance(0.7)) return fields()
    const logic = { [oneOf(['$or', '$or', '$and', '$nor'])]: times(1 + below(3), () => query(depth - 1)) }
    return chance(0.5) ? { ...fields(), ...logic } : logic
  }

  /** One or two operators, now and then on fields that they cannot change or that conflict. */
  function update(): Doc {
    const made: Doc = {}
    for (let left = chance(0.75) ? 1 : 2; left > 0; left--) {
      const [operator, operand] = oneOf<() => [string, Value]>([
        () => ['$set', value()],
        () => ['$unset', ''],
        () => [oneOf(['$inc', '$mul']), chance(0.95) ? below(5) - 1 : scalar()],
        () => [oneOf(['$min', '$max']), scalar()],
        () => ['$push', chance(0.5) ? scalar() : { $each: times(below(3), scalar), ...modifiers() }],
        () => ['$addToSet', chance(0.5) ? scalar() : { $each: times(below(3), scalar) }],
        () => ['$pull', oneOf<() => Value>([scalar, () => ({ $gte: below(3) }), () => ({ x: scalar() })])()],
        () => ['$pullAll', times(below(3), scalar)],
        () => ['$pop', oneOf([1, -1])],
        () => ['$rename', oneOf(['d', 'e.f'])],
      ])()
      const name = operator === '$rename' ? oneOf(['a', 'b', 'c']) : path()
      made[operator] = { ...(made[operator] as Doc | undefined), [name]: operand }
    }
    return made
  }

  function modifiers(): Doc {
    return {
      ...(chance(0.3) ? { $position: below(5) - 2 } : {}),
      ...(chance(0.3) ? { $sort: oneOf([1, -1]) } : {}),
      ...(chance(0.3) ? { $slice: below(5) - 2 } : {}),
    }
  }

  return {
    document,
    query,
    update,
    order: () =>
      times(below(3), (): Order[number] => [oneOf(['a', 'b', 'c.x', 'c.y.z']), chance(0.5) ? 1 : -1]).filter(
        ([name], i, all) => all.findIndex(([other]) => other === name) === i,
      ),
  }
}
