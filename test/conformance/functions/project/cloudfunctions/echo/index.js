/** Gives back the event as it arrived. */
exports.main = async (event) => event
