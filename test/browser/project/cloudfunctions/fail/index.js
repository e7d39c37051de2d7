exports.main = async () => {
  throw new Error('not today')
}
