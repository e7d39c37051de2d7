/** Stands for a CommonJS module that runs only when somebody reads a member of it, calls it or constructs it. */
module.exports = function lazy(load) {
  let loaded
  const real = () => {
    loaded ??= { exports: load() }
    return loaded.exports
  }
  return new Proxy(function notYetLoaded() {}, {
    get: (_target, member) => (loaded === undefined && member === '__esModule' ? undefined : real()[member]),
    has: (_target, member) => member in real(),
    set: (_target, member, value) => Reflect.set(real(), member, value),
    apply: (_target, self, args) => Reflect.apply(real(), self, args),
    construct: (_target, args) => Reflect.construct(real(), args),
  })
}
