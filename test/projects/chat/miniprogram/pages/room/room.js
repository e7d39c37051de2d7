Page({
  data: { messages: [], members: [], tip: '', connected: false },

  onLoad({ roomId, nickName }) {
    this.roomId = roomId
    wx.cloud.init({ env: 'chat-1g2h3j', traceUser: true })
    this.db = wx.cloud.database()
    return wx.cloud
      .callFunction({ name: 'room', data: { action: 'enter', roomId } })
      .then(() => this.db.collection('members').add({ data: { roomId, nickName, since: this.db.serverDate() } }))
      .then((res) => {
        this.memberId = res._id
        this.watchMessages()
        return this.loadMembers()
      })
      .catch((err) => this.setData({ tip: err.errMsg }))
  },

  onUnload() {
    if (this.listener) this.listener.close()
  },

  loadMembers() {
    return this.db
      .collection('members')
      .where({ roomId: this.roomId })
      .orderBy('nickName', 'asc')
      .get()
      .then(({ data }) => this.setData({ members: data.map((member) => member.nickName) }))
  },

  watchMessages() {
    this.listener = this.db
      .collection('messages')
      .where({ roomId: this.roomId })
      .orderBy('time', 'asc')
      .limit(50)
      .watch({
        onChange: (snapshot) => {
          if (snapshot.type === 'init') {
            this.setData({ messages: snapshot.docs, connected: true })
            return
          }
          const messages = this.data.messages.slice()
          for (const change of snapshot.docChanges) {
            const at = messages.findIndex((message) => message._id === change.docId)
            if (change.queueType === 'enqueue') messages.push(change.doc)
            else if (change.queueType === 'update' && at >= 0) messages[at] = change.doc
            else if (change.queueType === 'dequeue' && at >= 0) messages.splice(at, 1)
          }
          this.setData({ messages })
        },
        onError: (err) => this.setData({ connected: false, tip: err.message }),
      })
  },

  // 老写法: success / fail 回调
  onSend(content, done) {
    wx.cloud.callFunction({
      name: 'send',
      data: { type: 'text', roomId: this.roomId, content },
      success: ({ result }) => this.setData({ tip: result.ok ? '' : result.reason }),
      fail: (err) => this.setData({ tip: err.errMsg }),
      complete: done,
    })
  },

  onPhoto(filePath, done) {
    const task = wx.cloud.uploadFile({
      cloudPath: `chat/${this.roomId}/photo.png`,
      filePath,
      success: ({ fileID }) => {
        wx.cloud
          .callFunction({ name: 'send', data: { type: 'image', roomId: this.roomId, fileID } })
          .then(() => wx.cloud.getTempFileURL({ fileList: [fileID] }))
          .then(({ fileList }) => this.setData({ photo: fileList[0].tempFileURL }))
          .then(done)
      },
      fail: (err) => {
        this.setData({ tip: err.errMsg })
        done()
      },
    })
    task.onProgressUpdate(({ progress }) => this.setData({ progress }))
  },

  onRecall(_id) {
    return wx.cloud.callFunction({ name: 'send', data: { type: 'recall', _id } }).then(({ result }) => result.ok)
  },

  rename(id, nickName) {
    return this.db
      .collection('members')
      .doc(id)
      .update({ data: { nickName } })
      .then(
        ({ stats }) => stats.updated,
        ({ errCode }) => errCode,
      )
  },
})
