/** A document with this `_id`, or with this value of a unique index, exists already. */
export class DuplicateKey extends Error {
  constructor(
    readonly collection: string,
    options?: ErrorOptions,
  ) {
    super(`duplicate key in ${collection}`, options)
    this.name = 'DuplicateKey'
  }
}
