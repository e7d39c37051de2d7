const cloud = require('wx-server-sdk')
cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV })

async function code(event) {
  const res = await cloud.openapi.wxacode.getUnlimited({ scene: event.id, width: 280 })
  const upload = await cloud.uploadFile({ cloudPath: 'qrcode/' + event.id + '.png', fileContent: res.buffer })
  const { fileList } = await cloud.getTempFileURL({ fileList: [upload.fileID] })
  return { contentType: res.contentType, url: fileList[0].tempFileURL, fileID: upload.fileID }
}

async function notify(event) {
  try {
    const res = await cloud.openapi.subscribeMessage.send({
      touser: event.touser,
      page: 'pages/index/index',
      templateId: 'tmpl-new-article',
      data: { thing1: { value: event.title }, date2: { value: '2019-11-11 10:00' } },
    })
    return res.errCode
  } catch (err) {
    return err.errCode
  }
}

exports.main = async (event, context) => (event.action === 'notify' ? notify(event) : code(event))
