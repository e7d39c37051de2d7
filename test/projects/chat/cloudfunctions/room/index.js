const cloud = require('wx-server-sdk')
cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV, throwOnNotFound: false })

exports.main = async ({ action, roomId, before }) => {
  const db = cloud.database({ throwOnNotFound: false })
  const rooms = db.collection('rooms')
  if (action === 'enter') {
    const { data } = await rooms.doc(roomId).get()
    if (!data) await rooms.add({ data: { _id: roomId, count: 0, blocked: 0, created: db.serverDate() } })
    return { isNew: !data }
  }
  if (action === 'clean') {
    const { stats } = await db
      .collection('messages')
      .where({ roomId, time: db.command.lt(new Date(before)) })
      .remove()
    return stats
  }
  return (await rooms.doc(roomId).get()).data
}
