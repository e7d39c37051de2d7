/** What a stage of a pipeline is, and what it may use. */
import type { Collection } from '../catalogue.ts'
import type { Variables } from '../expression/context.ts'
import type { Finder } from '../find.ts'
import type { Document, Value } from '../values.ts'

export interface Stage {
  name: string
  operand: Value
}

export interface PipelineContext {
  finder: Finder
  getCollection: (name: string) => Collection
  /** What `$$name` stands for: `NOW`, and inside the pipeline of a `$lookup` what its `let` says. */
  variables?: Variables
}

export interface StageContext extends PipelineContext {
  /** Runs a pipeline inside a stage, on another collection. */
  run: (collection: Collection, pipeline: Stage[], variables: Variables) => Document[]
  /** Runs a pipeline on documents that are there already. */
  runOn: (documents: Document[], pipeline: Stage[]) => Document[]
}

export type StageRunner = (documents: Document[], operand: Value, context: StageContext) => Document[]
