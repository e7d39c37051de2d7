const cloud = require('wx-server-sdk')
cloud.init()

const db = cloud.database()
const _ = db.command
const MAX_LIMIT = 100

// 集合不存在时先创建,已经存在会报错,忽略即可
async function ensure(name) {
  try {
    await db.createCollection(name)
    return true
  } catch (e) {
    return false
  }
}

async function setup() {
  const created = []
  for (const name of ['users', 'articles', 'comments', 'counters']) {
    if (await ensure(name)) created.push(name)
  }
  return { created }
}

async function publish(event) {
  const { title, content, tags, cover } = event
  if (!title) return { code: 1, msg: '标题不能为空' }
  let coverId = ''
  if (cover) {
    const upload = await cloud.uploadFile({
      cloudPath: 'cover/' + Date.now() + '-' + Math.floor(Math.random() * 1000) + '.png',
      fileContent: Buffer.from(cover, 'base64'),
    })
    coverId = upload.fileID
  }
  const { OPENID } = cloud.getWXContext()
  const res = await db.collection('articles').add({
    data: {
      title,
      content,
      tags: tags || [],
      cover: coverId,
      author: OPENID,
      views: 0,
      likes: [],
      published: true,
      createTime: db.serverDate(),
    },
  })
  return { code: 0, id: res._id }
}

// 一次最多取 100 条,超过的分批取
async function all(event) {
  const where = event.tag ? { tags: event.tag, published: true } : { published: true }
  const countResult = await db.collection('articles').where(where).count()
  const total = countResult.total
  const batchTimes = Math.ceil(total / MAX_LIMIT)
  const tasks = []
  for (let i = 0; i < batchTimes; i++) {
    tasks.push(
      db
        .collection('articles')
        .where(where)
        .skip(i * MAX_LIMIT)
        .limit(MAX_LIMIT)
        .get(),
    )
  }
  if (tasks.length === 0) return { data: [], total }
  return (await Promise.all(tasks)).reduce((acc, cur) => ({
    data: acc.data.concat(cur.data),
    errMsg: acc.errMsg,
  }))
}

async function page(event) {
  const size = event.size || 10
  const res = await db
    .collection('articles')
    .where({ published: true })
    .field({ content: false })
    .orderBy('createTime', 'desc')
    .orderBy('title', 'asc')
    .skip(((event.page || 1) - 1) * size)
    .limit(size)
    .get()
  return res.data
}

function detail(event) {
  const article = db.collection('articles').doc(event.id)
  // 浏览量加一,不等结果
  article.update({ data: { views: _.inc(1) } })
  return article.get().then(
    (res) => ({ code: 0, article: res.data }),
    (err) => ({ code: 404, msg: err.errMsg }),
  )
}

async function like(event) {
  const { OPENID } = cloud.getWXContext()
  const article = db.collection('articles').doc(event.id)
  const { data } = await article.field({ likes: true }).get()
  const liked = data.likes.indexOf(OPENID) >= 0
  await article.update({ data: { likes: liked ? _.pull(OPENID) : _.push(OPENID) } })
  return { liked: !liked }
}

async function search(event) {
  const reg = db.RegExp({ regexp: event.keyword, options: 'i' })
  return (
    await db
      .collection('articles')
      .where(_.or([{ title: reg }, { content: reg }]).and([{ published: true }]))
      .limit(20)
      .get()
  ).data.map((item) => item.title)
}

async function remove(event) {
  const { data } = await db.collection('articles').doc(event.id).get()
  if (data.author !== cloud.getWXContext().OPENID) return { code: 403, msg: '只能删除自己的文章' }
  if (data.cover) await cloud.deleteFile({ fileList: [data.cover] })
  await db.collection('comments').where({ articleId: event.id }).remove()
  return { code: 0, stats: (await db.collection('articles').doc(event.id).remove()).stats }
}

exports.main = async (event, context) => {
  switch (event.action) {
    case 'setup':
      return setup()
    case 'publish':
      return publish(event)
    case 'all':
      return all(event)
    case 'page':
      return page(event)
    case 'detail':
      return detail(event)
    case 'like':
      return like(event)
    case 'search':
      return search(event)
    case 'remove':
      return remove(event)
    default:
      return { code: 400, msg: '未知操作 ' + event.action }
  }
}
