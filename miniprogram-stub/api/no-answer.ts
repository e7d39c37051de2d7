/** Nothing is known about the effect: the network failed, or the platform did. Trying again needs the same request id. */
export class NoAnswer extends Error {
  constructor(
    message: string,
    readonly errCode?: number,
  ) {
    super(message)
    this.name = 'NoAnswer'
  }
}
