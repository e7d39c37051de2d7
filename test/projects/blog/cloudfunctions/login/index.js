// 登录:第一次来的用户写入 users 集合
const cloud = require('wx-server-sdk')

cloud.init({ env: 'blog-prod-1a2b3c' })

const db = cloud.database()

exports.main = (event, context) => {
  const { OPENID } = cloud.getWXContext()
  const users = db.collection('users')
  return users
    .where({ openid: OPENID })
    .get()
    .then((res) => {
      if (res.data.length > 0) {
        return users
          .doc(res.data[0]._id)
          .update({ data: { visits: db.command.inc(1), lastVisit: db.serverDate() } })
          .then(() => res.data[0]._id)
      }
      return users
        .add({
          data: {
            openid: OPENID,
            nickName: event.nickName || '匿名',
            visits: 1,
            role: 'reader',
            created: db.serverDate(),
          },
        })
        .then((added) => added._id)
    })
    .then((userId) => ({ userId, openid: event.userInfo.openId, appid: event.userInfo.appId }))
}
