/** The lifecycle that every emulator module shares: built by `create*(deps)`, started in order, stopped in reverse. */
export interface Module {
  readonly name: string
  /** Called once, after every module was built. */
  start(): Promise<void>
  /** Called once, in reverse order of start. Must settle also when `start` was never called. */
  stop(): Promise<void>
}
