/** Stages that stand for others, where mingo's own does otherwise than MongoDB. */
import { isDocument } from '../values.ts'
import { bucketStages } from './bucket.ts'
import type { Stage } from './stage.ts'

export function expandStage(stage: Stage): Stage[] {
  if (stage.name === '$bucket') return bucketStages(stage.operand)
  if (stage.name === '$group') return [withNullGroup(stage)]
  if (stage.name === '$sortByCount') {
    const group = { name: '$group', operand: { _id: stage.operand, count: { $sum: 1 } } }
    return [withNullGroup(group), { name: '$sort', operand: { count: -1 } }]
  }
  return [stage]
}

/** Documents without the value they are grouped by are in one group with those where it is null. */
function withNullGroup({ name, operand }: Stage): Stage {
  if (!isDocument(operand)) return { name, operand }
  const { _id } = operand
  const isExpression =
    typeof _id === 'string' || (_id !== undefined && isDocument(_id) && Object.keys(_id)[0]?.startsWith('$'))
  return { name, operand: isExpression ? { ...operand, _id: { $ifNull: [_id ?? null, null] } } : operand }
}
