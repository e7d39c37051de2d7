/** What the demo community talks about: thirty posts, most of them fine, some in each of the other states. */
export interface DemoPost {
  author: 'buyer1' | 'buyer2' | 'author1' | 'manager1'
  text: string
  topics: string[]
  pictures: number
  place?: { name: string; longitude: number; latitude: number }
  /** What becomes of it; without a word it shows. */
  fate?: 'waiting' | 'unsure' | 'rejected' | 'taken-down' | 'appealed' | 'deleted' | 'reported'
}

export const demoTopics = [
  { title: '春茶日记', summary: '今年的第一杯' },
  { title: '好物分享', summary: '用过才推荐' },
  { title: '周末去哪儿', summary: '城市与山野' },
]

const west = { name: '西湖断桥', longitude: 120.1512, latitude: 30.2587 }
const village = { name: '龙井村', longitude: 120.1003, latitude: 30.2257 }
const market = { name: '城西市集', longitude: 120.1264, latitude: 30.2812 }

export const demoPosts: DemoPost[] = [
  post('author1', '清明前的龙井到了，八十度的水，豆香很足。', ['春茶日记'], 2, village),
  post('buyer1', '第一次自己泡碧螺春，先水后茶果然不一样。', ['春茶日记'], 1),
  post('buyer2', '手冲壶用了一个月，细口真的好控水。', ['好物分享'], 3),
  post('manager1', '店里新到一批竹砧板，周末可以来摸摸看。', ['好物分享'], 1, market),
  post('author1', '断桥边的桃花开了一半，早上六点人最少。', ['周末去哪儿'], 4, west),
  post('buyer1', '求推荐适合办公室的茶具，要好洗的。', ['好物分享'], 0),
  post('buyer2', '铸铁锅开锅记录：三遍油，小火，别着急。', ['好物分享'], 2),
  post('author1', '正山小种的松烟香，有人爱有人躲。', ['春茶日记'], 0),
  post('buyer1', '龙井村走一圈大约两小时，带够水。', ['周末去哪儿', '春茶日记'], 2, village),
  post('manager1', '坚果到货，临安山核桃今年个头不大但香。', ['好物分享'], 1),
  post('buyer2', '绿豆糕配绿茶，下午三点刚刚好。', ['春茶日记'], 1),
  post('author1', '市集上的陶艺摊，师傅现场拉坯。', ['周末去哪儿'], 3, market),
  post('buyer1', '祁门红茶加一点桂花，试试看。', ['春茶日记'], 0),
  post('buyer2', '保温饭盒实测：早上装的汤中午还烫嘴。', ['好物分享'], 1),
  post('author1', '雨后的湖面像一张宣纸。', ['周末去哪儿'], 1, west),
  post('manager1', '周六下午两点有泡茶小课，名额十个。', ['春茶日记'], 0, market),
  post('buyer1', '金骏眉和滇红金芽，你们选哪个？', ['春茶日记'], 0),
  post('buyer2', '陶瓷刀切水果真利，注意别摔。', ['好物分享'], 1),
  post('author1', '凤梨酥的酸甜比例，这家算是做对了。', ['好物分享'], 2),
  post('buyer1', '骑行路线：断桥到龙井，坡不陡。', ['周末去哪儿'], 1, west),
  post('buyer2', '六安瓜片没有芽也没有梗，第一次知道。', ['春茶日记'], 0),
  post('author1', '一盏灯、一壶茶、一本书。', [], 1),
  post('buyer1', '新拍的茶园照片，还在等审核。', ['春茶日记'], 2, village, 'waiting'),
  post('buyer2', '收纳盒改造前后对比。', ['好物分享'], 2, undefined, 'unsure'),
  post('buyer1', '这张图好像不太合适。', [], 1, undefined, 'rejected'),
  post('buyer2', '加我领优惠，先到先得！', ['好物分享'], 0, undefined, 'taken-down'),
  post('author1', '和另一家店的长篇对比，言辞有点激烈。', ['好物分享'], 0, undefined, 'appealed'),
  post('buyer1', '发错了，删掉重来。', [], 0, undefined, 'deleted'),
  post('buyer2', '转发一条没有来源的消息。', [], 0, undefined, 'reported'),
  post('manager1', '感谢大家，本周好评返茶样已寄出。', ['好物分享'], 1),
]

export const demoComments = [
  '求链接',
  '照片拍得真好',
  '周末约起',
  '学到了',
  '我也买了同款',
  '水温八十度还是八十五度？',
]

function post(
  author: DemoPost['author'],
  text: string,
  topics: string[],
  pictures: number,
  place?: DemoPost['place'],
  fate?: DemoPost['fate'],
): DemoPost {
  return { author, text, topics, pictures, place, fate }
}
