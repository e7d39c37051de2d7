const cloud = require('wx-server-sdk')

cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV })

/** Says who calls. */
exports.main = async () => cloud.getWXContext()
