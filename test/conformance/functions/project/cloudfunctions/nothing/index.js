/** Returns nothing. */
exports.main = async () => {}
