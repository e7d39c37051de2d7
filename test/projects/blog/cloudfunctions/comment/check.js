module.exports = (cloud, content) =>
  cloud.openapi.security.msgSecCheck({ content: content }).then(
    (res) => res.errCode === 0,
    (err) => {
      if (err.errCode === 87014) return false
      throw err
    },
  )
