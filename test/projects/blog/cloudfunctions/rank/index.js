const cloud = require('wx-server-sdk')
cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV })
const db = cloud.database()
const _ = db.command
const $ = db.command.aggregate

// 最近评论最多的文章,带上文章标题
async function hot() {
  const { list } = await db
    .collection('comments')
    .aggregate()
    .match({ createTime: _.gt(new Date(Date.now() - 7 * 24 * 3600 * 1000)) })
    .group({ _id: '$articleId', comments: $.sum(1), last: $.max('$createTime') })
    .lookup({ from: 'articles', localField: '_id', foreignField: '_id', as: 'article' })
    .unwind('$article')
    .project({ _id: 1, comments: 1, last: 1, title: '$article.title', likes: $.size('$article.likes') })
    .sort({ comments: -1, title: 1 })
    .limit(10)
    .end()
  return list
}

// 每个标签有多少文章
async function tags() {
  const res = await db
    .collection('articles')
    .aggregate()
    .unwind('$tags')
    .group({ _id: '$tags', count: $.sum(1), titles: $.push('$title') })
    .sort({ count: -1, _id: 1 })
    .end()
  return res.list
}

async function touch(event) {
  const { total } = await db.collection('comments').where({ articleId: event.articleId }).count()
  await db
    .collection('counters')
    .doc(event.articleId)
    .set({ data: { comments: total, by: event.from, source: cloud.getWXContext().SOURCE } })
  return { comments: total }
}

exports.main = async (event, context) => {
  // 定时触发器
  if (event.Type === 'Timer') {
    const list = await hot()
    await db
      .collection('counters')
      .doc('hot')
      .set({ data: { list, time: db.serverDate() } })
    return
  }
  if (event.type === 'touch') return touch(event)
  if (event.type === 'tags') return tags()
  return hot()
}
