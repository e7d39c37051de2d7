/**
 * Runs aggregation pipelines. What the planner can do (a leading `$match` with `$sort`, `$skip`, `$limit`) is one
 * indexed read; stages that reach for collections, or that mingo does otherwise than MongoDB, are ours; the others,
 * which only compute, run in mingo.
 */
import type { Collection } from '../catalogue.ts'
import { invalidParam, requestFailed } from '../errors.ts'
import { toQuery } from '../find.ts'
import { DEFAULT_AGGREGATE_LIMIT } from '../limits.ts'
import type { Order } from '../order.ts'
import { toPlain } from '../plain.ts'
import { type Document, isDocument, type Value } from '../values.ts'
import { expandStage } from './expand.ts'
import { geoNear } from './geo-near.ts'
import { assertStageMemory } from './memory.ts'
import { runInMingo } from './mingo.ts'
import { parseSort } from './sort.ts'
import type { PipelineContext, Stage, StageContext } from './stage.ts'
import { countOf, stages } from './stages.ts'
import { collStats, indexStats } from './statistics.ts'

/** Stages that read the collection themselves, so that only the first can be one. */
const sources: Record<
  string,
  (context: PipelineContext, collection: Collection, operand: Value) => Document[]
> = { $geoNear: geoNear, $collStats: collStats, $indexStats: indexStats }

/** Runs the pipeline of a request; without a `$limit` of its own it gives at most 20 documents. */
export function aggregate(context: PipelineContext, collection: Collection, pipeline: Stage[]): Document[] {
  const documents = runPipeline(context, collection, pipeline)
  return pipeline.some(({ name }) => name === '$limit')
    ? documents
    : documents.slice(0, DEFAULT_AGGREGATE_LIMIT)
}

function runPipeline(context: PipelineContext, collection: Collection, pipeline: Stage[]): Document[] {
  const { documents, rest } = readFirst(context, collection, pipeline)
  return runStages(context, documents, rest)
}

function runStages(context: PipelineContext, documents: Document[], pipeline: Stage[]): Document[] {
  const stageContext: StageContext = {
    ...context,
    run: (collection, inner, variables) =>
      runPipeline({ ...context, variables: { ...context.variables, ...variables } }, collection, inner),
    runOn: (inner, stages) => runStages(context, inner, stages),
  }
  let current = documents
  for (const { name, operand } of pipeline.flatMap(expandStage)) {
    if (Object.hasOwn(sources, name)) {
      throw requestFailed(`${name} is only valid as the first stage in a pipeline.`)
    }
    assertStageMemory(name, current)
    const own = Object.hasOwn(stages, name) ? stages[name] : undefined
    current = own
      ? own(current, operand, stageContext)
      : runInMingo(name, operand, current, context.variables)
  }
  return current
}

/** The leading stages that are one query of the planner, carried out; and the stages that remain. */
function readFirst(
  context: PipelineContext,
  collection: Collection,
  pipeline: Stage[],
): { documents: Document[]; rest: Stage[] } {
  const { finder, variables } = context
  const rest = [...pipeline]
  const [first] = pipeline
  const source = first && Object.hasOwn(sources, first.name) ? sources[first.name] : undefined
  if (source) return { documents: source(context, collection, first?.operand ?? null), rest: rest.slice(1) }
  const takeIf = (name: string) => (rest[0]?.name === name ? rest.shift()?.operand : undefined)
  const filter = takeIf('$match') ?? {}
  if (!isDocument(filter)) throw invalidParam('the match filter must be an expression in an object')
  const sort = takeIf('$sort')
  const order: Order = sort === undefined ? [] : parseSort(sort)
  const skip = takeIf('$skip')
  const limit = takeIf('$limit')
  const found = finder.find(
    collection,
    toQuery(filter, order, variables),
    undefined,
    skip === undefined ? 0 : countOf('$skip', skip, 0),
    limit === undefined ? Number.POSITIVE_INFINITY : countOf('$limit', limit, 1),
  )
  // The documents are fresh copies, and mingo wants them plain.
  return { documents: found.map(({ document }) => toPlain(document()) as Document), rest }
}
