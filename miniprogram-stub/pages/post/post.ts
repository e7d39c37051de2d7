import { api, type ReplyOf } from '../../api/index'
import { act, load, type Phase } from '../../ui/load'

type Comments = ReplyOf<typeof api.community.comments>['items']

Page({
  data: {
    phase: 'loading' as Phase,
    failure: '',
    busy: false,
    postId: '',
    author: '',
    text: '',
    images: [] as string[],
    place: '',
    /** Its author sees a post that still waits; others never come here. */
    isWaiting: false,
    likeCount: 0,
    isLiked: false,
    comments: [] as Comments,
    draft: '',
  },

  onLoad({ postId = '' }) {
    this.setData({ postId })
    return this.refresh()
  },

  onPullDownRefresh() {
    return this.refresh()
  },

  refresh() {
    return load(this, async () => {
      const { postId } = this.data
      const post = await api.community.post({ postId })
      const isVisible = post.status === 'visible'
      this.setData({
        author: post.author.nickname,
        text: post.text,
        images: post.images,
        place: post.place?.name ?? '',
        isWaiting: !isVisible,
        likeCount: post.likeCount,
        isLiked: post.isLiked,
        comments: isVisible ? (await api.community.comments({ postId })).items : [],
      })
    })
  },

  toggleLike() {
    return act(this, async () => {
      const { postId, isLiked, likeCount } = this.data
      await api.community.likePost({ postId, on: !isLiked })
      this.setData({ isLiked: !isLiked, likeCount: likeCount + (isLiked ? -1 : 1) })
    })
  },

  typeComment({ detail }: WechatMiniprogram.Input) {
    this.setData({ draft: detail.value })
  },

  sendComment() {
    return act(this, async () => {
      const { postId, draft } = this.data
      const { status } = await api.community.comment({ postId, text: draft })
      this.setData({ draft: '' })
      if (status === 'pending') wx.showToast({ title: '评论审核后可见', icon: 'none' })
      this.setData({ comments: (await api.community.comments({ postId })).items })
    })
  },
})
