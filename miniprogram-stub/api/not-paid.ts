/** The payment sheet was closed, or WeChat did not take the money. */
export class NotPaid extends Error {
  constructor(
    readonly isCancelled: boolean,
    message: string,
  ) {
    super(message)
    this.name = 'NotPaid'
  }
}
