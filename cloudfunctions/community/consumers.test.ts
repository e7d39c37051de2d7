import { beforeEach, describe, expect, it } from 'vitest'
import { type Community, countersAndFacts, openCommunity } from './community.fixture.ts'

let community: Community
let cloud: Community['cloud']
beforeEach(async () => {
  community = await openCommunity()
  cloud = community.cloud
})

describe('a change of name or picture', () => {
  it('shows on everything that the person wrote', async () => {
    const postId = await community.post('author')
    const commentId = await community.comment('author', postId)
    await cloud.as('author').ok('user/updateProfile', { nickname: '新名字', avatarFileId: 'cloud://e/a.png' })
    const author = { userId: cloud.openid('author'), nickname: '新名字', avatarFileId: 'cloud://e/a.png' }
    expect(await community.stored('posts', postId)).toMatchObject({ author })
    expect(await community.stored('comments', commentId)).toMatchObject({ author })
    expect(await cloud.as('reader').ok('community/member', { userId: author.userId })).toMatchObject(author)
  })
})

describe('an older change that is delivered again', () => {
  it('brings no former name back', async () => {
    const postId = await community.post('author')
    await cloud.as('author').ok('user/updateProfile', { nickname: '旧名字' })
    const outbox = await cloud.collection('outbox').all()
    const renamed = outbox.filter(({ type }) => type === 'user.profile_changed').at(-1)
    await cloud.as('author').ok('user/updateProfile', { nickname: '新名字' })
    // Its consumers ran, and what should have noted that was lost.
    const again = { status: 'pending', doneBy: [], dueAtMs: cloud.clock.nowMs() }
    await cloud.collection('outbox').set(String(renamed?._id), again)
    await cloud.asTimer('scheduler', 'everyMinute')
    expect(await cloud.collection('outbox').get(String(renamed?._id))).toMatchObject({ status: 'done' })
    expect(await community.stored('posts', postId)).toMatchObject({ author: { nickname: '新名字' } })
  })
})

describe('an account that is deleted', () => {
  it('takes its words, pictures and name along; counters stay right, and a repeat changes nothing', async () => {
    const postId = await community.post('author', {
      text: '我的秘密',
      images: [await community.picture('author')],
      place: { name: '我的家', longitude: 1, latitude: 1 },
    })
    const shown = await community.post('reader')
    const commentId = await community.comment('author', shown, { text: '我的评论' })
    await cloud.as('author').ok('community/saveDraft', { text: '我的草稿' })
    await community.post('reader', { text: '提到一位', mentionUserIds: [cloud.openid('author')] })
    await community.comment('reader', shown, { text: '回复一位', replyToId: commentId })
    await cloud.as('author').ok('community/likePost', { postId: shown, on: true })
    await cloud.as('author').ok('community/likeComment', { commentId, on: true })
    await cloud.as('author').ok('community/follow', { userId: cloud.openid('reader'), on: true })
    await cloud.as('reader').ok('community/follow', { userId: cloud.openid('author'), on: true })
    await cloud
      .as('author')
      .ok('community/report', { kind: 'post', subjectId: shown, reason: 'other', note: '我的话' })
    await cloud.as('author').ok('user/deleteAccount', { confirm: true })

    for (const name of ['posts', 'comments', 'post_drafts', 'post_edits', 'members', 'reports', 'reviews']) {
      expect(JSON.stringify(await cloud.collection(name).all())).not.toMatch(/我的|author的昵称/)
    }
    expect(await community.stored('posts', postId)).toMatchObject({ status: 'deleted', images: [] })
    expect(await community.stored('comments', commentId)).toMatchObject({ status: 'deleted', text: '' })
    expect(await cloud.collection('ties').all()).toEqual([])
    const { counters, facts } = await countersAndFacts(cloud)
    expect(counters).toEqual(facts)
  })
})
