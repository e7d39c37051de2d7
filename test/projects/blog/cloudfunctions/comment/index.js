var cloud = require('wx-server-sdk')
var check = require('./check')

cloud.init({
  env: { database: 'blog-prod-1a2b3c', storage: 'blog-prod-1a2b3c' },
})

var db = cloud.database()

// 老写法:结果交给 callback
exports.main = (event, context, callback) => {
  var openid = cloud.getWXContext().OPENID
  check(cloud, event.content).then((ok) => {
    if (!ok) return callback(null, { code: 87014, msg: '内容含有违法违规内容' })
    db.collection('comments')
      .add({
        data: {
          articleId: event.articleId,
          content: event.content,
          openid: openid,
          createTime: new Date(),
        },
      })
      .then((res) =>
        cloud
          .callFunction({
            name: 'rank',
            data: { type: 'touch', articleId: event.articleId, from: openid },
          })
          .then((called) => {
            callback(null, { code: 0, id: res._id, comments: called.result.comments })
          }),
      )
      .catch(callback)
  })
}
