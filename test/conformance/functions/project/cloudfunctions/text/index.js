/** Gives back a text. */
exports.main = async ({ text }) => text
