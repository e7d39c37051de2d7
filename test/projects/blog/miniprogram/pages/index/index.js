Page({
  onLoad() {
    wx.cloud.callFunction({ name: 'login' })
  },
})
