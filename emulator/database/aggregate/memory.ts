/** MongoDB's limit on what a stage may hold at a time; the platform does not let a stage use the disk. */
import { calculateObjectSize } from 'bson'
import { requestFailed } from '../errors.ts'
import type { Document } from '../values.ts'

const MAX_STAGE_BYTES = 100 * 1024 * 1024
/** What one more document takes, however small it is. */
const DOCUMENT_OVERHEAD_BYTES = 200
/** Fewer documents never reach the limit unless each is near its own. */
const SAMPLE = 64
/** Of the documents that a stage makes, one in so many is measured after the first ones. */
const MEASURE_EVERY = 16

const words: Record<string, string> = {
  $sort: `Sort exceeded memory limit of ${MAX_STAGE_BYTES} bytes, but did not opt in to external sorting. Aborting operation.`,
  $group: `Exceeded memory limit for $group, but didn't allow external sort.`,
  $bucketAuto: `$bucketAuto exceeded memory limit.`,
  $facet: `$facet stage exceeded memory limit of ${MAX_STAGE_BYTES} bytes.`,
}

/** Refuses a stage that must hold all documents when they are too large together, judged by a sample of them. */
export function assertStageMemory(stage: string, documents: Document[]): void {
  const refusal = Object.hasOwn(words, stage) ? words[stage] : undefined
  if (refusal === undefined || documents.length < SAMPLE) return
  const step = Math.floor(documents.length / SAMPLE)
  let bytes = 0
  for (let i = 0; i < SAMPLE; i++) bytes += calculateObjectSize(documents[i * step] ?? {})
  if ((bytes / SAMPLE) * documents.length > MAX_STAGE_BYTES) throw requestFailed(refusal)
}

/** Refuses while the documents are made: a stage such as `$unwind` can make far more of them than it was given. */
export function createStageMeter(stage: string): (made: Document) => void {
  let count = 0
  let bytes = 0
  let lastBytes = 0
  return (made) => {
    if (count < SAMPLE || count % MEASURE_EVERY === 0) lastBytes = calculateObjectSize(made)
    count += 1
    bytes += lastBytes + DOCUMENT_OVERHEAD_BYTES
    if (bytes <= MAX_STAGE_BYTES) return
    throw requestFailed(
      `${stage} would make more than ${MAX_STAGE_BYTES} bytes of documents: fewer must reach it, by $match, $limit or $project before it`,
    )
  }
}
