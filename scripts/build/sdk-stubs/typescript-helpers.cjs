/** What TypeScript writes into each file that imports a CommonJS module, once for all of them. */
exports.__importDefault = (module) => (module?.__esModule ? module : { default: module })

exports.__importStar = (module) => {
  if (module?.__esModule) return module
  const star = { default: module }
  for (const key in module) {
    if (key !== 'default' && Object.hasOwn(module, key)) {
      Object.defineProperty(star, key, { enumerable: true, get: () => module[key] })
    }
  }
  return star
}

exports.__rest = (source, excluded) =>
  Object.fromEntries(Object.entries(source ?? {}).filter(([key]) => !excluded.includes(key)))
