/** The demo shop's shelves: 40 products in four categories. Prices in fen. */
export interface DemoProduct {
  title: string
  subtitle: string
  category: string
  /** Name of the attribute that tells SKUs apart, and each SKU's value and price. */
  choice: string
  skus: [value: string, priceFen: number][]
}

export const demoCategories: Record<string, string[]> = {
  茶饮: ['绿茶', '红茶'],
  零食: ['坚果', '糕点'],
  家居: ['厨房', '收纳'],
  数码: ['配件', '灯具'],
}

export const demoProducts: DemoProduct[] = [
  ...shelf(
    '绿茶',
    '规格',
    [
      ['明前龙井', '清明前采摘', 6800],
      ['碧螺春', '一芽一叶', 5600],
      ['黄山毛峰', '高山云雾', 4800],
      ['六安瓜片', '传统拉火', 5200],
      ['信阳毛尖', '鲜爽回甘', 4500],
    ],
    ['50 克', '100 克'],
  ),
  ...shelf(
    '红茶',
    '规格',
    [
      ['正山小种', '松烟香', 5800],
      ['祁门红茶', '玫瑰香', 4900],
      ['滇红金芽', '蜜甜', 6200],
      ['金骏眉', '花果香', 9800],
      ['英德红茶', '浓强鲜爽', 3900],
    ],
    ['50 克', '100 克'],
  ),
  ...shelf(
    '坚果',
    '包装',
    [
      ['每日坚果', '七种混合', 3900],
      ['碧根果', '奶油味', 2900],
      ['夏威夷果', '送开果器', 3200],
      ['开心果', '原味无漂白', 4200],
      ['临安山核桃', '手剥', 4600],
    ],
    ['袋装', '罐装'],
  ),
  ...shelf(
    '糕点',
    '口味',
    [
      ['绿豆糕', '入口即化', 1900],
      ['桂花糕', '现磨米粉', 1800],
      ['鲜花饼', '食用玫瑰', 2600],
      ['蛋黄酥', '整颗咸蛋黄', 3500],
      ['凤梨酥', '土凤梨馅', 3300],
    ],
    ['原味', '低糖'],
  ),
  ...shelf(
    '厨房',
    '颜色',
    [
      ['珐琅铸铁锅', '24 厘米', 39900],
      ['竹制砧板', '整竹', 5900],
      ['陶瓷刀具套装', '三件', 12900],
      ['手冲咖啡壶', '细口', 8900],
      ['保温饭盒', '三层', 9900],
    ],
    ['米白', '墨绿'],
  ),
  ...shelf(
    '收纳',
    '尺寸',
    [
      ['藤编收纳篮', '手工编织', 4900],
      ['真空压缩袋', '八件套', 3900],
      ['桌面抽屉柜', '三层', 6900],
      ['衣物收纳箱', '可折叠', 5900],
      ['鞋盒', '透明翻盖', 1900],
    ],
    ['小号', '大号'],
  ),
  ...shelf(
    '配件',
    '颜色',
    [
      ['快充数据线', '1.5 米', 2900],
      ['磁吸支架', '铝合金', 4900],
      ['无线鼠标', '静音', 6900],
      ['笔记本内胆包', '14 寸', 7900],
      ['降噪耳塞', '记忆海绵', 3900],
    ],
    ['黑色', '白色'],
  ),
  ...shelf(
    '灯具',
    '色温',
    [
      ['护眼台灯', '无频闪', 15900],
      ['小夜灯', '人体感应', 3900],
      ['氛围灯带', '5 米', 4900],
      ['露营灯', '可充电', 8900],
      ['阅读夹灯', '三档亮度', 4500],
    ],
    ['暖光', '自然光'],
  ),
]

function shelf(
  category: string,
  choice: string,
  goods: [title: string, subtitle: string, priceFen: number][],
  [first, second]: [string, string],
): DemoProduct[] {
  return goods.map(([title, subtitle, priceFen]) => ({
    title,
    subtitle,
    category,
    choice,
    skus: [
      [first, priceFen],
      [second, Math.round(priceFen * 1.8)],
    ],
  }))
}
