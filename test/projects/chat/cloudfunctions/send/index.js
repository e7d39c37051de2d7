const cloud = require('wx-server-sdk')
cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV })
const db = cloud.database()
const _ = db.command

// 内容安全: 通过 pass, 人工复核 review, 违规 risky
async function moderate(openid, content) {
  const { result } = await cloud.openapi.security.msgSecCheck({ version: 2, scene: 2, openid, content })
  return result.suggest
}

async function text({ roomId, content }, openid) {
  const suggest = await moderate(openid, content)
  if (suggest === 'risky') {
    await db.collection('rooms').doc(roomId).update({ data: { blocked: _.inc(1) } })
    return { ok: false, reason: '发送失败,内容违规' }
  }
  const { _id } = await db.collection('messages').add({
    data: {
      roomId,
      _openid: openid,
      type: 'text',
      content,
      pending: suggest === 'review',
      time: db.serverDate(),
      recalled: false,
    },
  })
  // 房间的最后一条消息,不必等它
  db.collection('rooms').doc(roomId).update({ data: { last: _.set({ id: _id, content }), count: _.inc(1) } })
  return { ok: true, _id }
}

async function image({ roomId, fileID }, openid) {
  const { fileContent } = await cloud.downloadFile({ fileID })
  const { _id } = await db.collection('messages').add({
    data: { roomId, _openid: openid, type: 'image', fileID, bytes: fileContent.length, time: db.serverDate() },
  })
  return { ok: true, _id }
}

async function recall({ _id }, openid) {
  const { stats } = await db
    .collection('messages')
    .where({ _id, _openid: openid, recalled: false, time: _.gt(new Date(Date.now() - 2 * 60 * 1000)) })
    .update({ data: { recalled: true, content: _.remove() } })
  return { ok: stats.updated === 1 }
}

exports.main = async (event) => {
  const { OPENID } = cloud.getWXContext()
  const handlers = { text, image, recall }
  return handlers[event.type](event, OPENID)
}
