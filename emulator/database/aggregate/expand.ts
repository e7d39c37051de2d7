/** Stages that stand for others, where mingo's own does otherwise than MongoDB. */
import { bucketStages } from './bucket.ts'
import type { Stage } from './stage.ts'

export function expandStage(stage: Stage): Stage[] {
  if (stage.name === '$bucket') return bucketStages(stage.operand)
  if (stage.name === '$sortByCount') {
    const group = { name: '$group', operand: { _id: stage.operand, count: { $sum: 1 } } }
    return [group, { name: '$sort', operand: { count: -1 } }]
  }
  return [stage]
}
