/** What made-up names are put together from: the commonest, so that a fake name says nothing about its bearer. */

export const surnames: readonly string[] = [
  ...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑谢罗梁宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈',
  ...'姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤',
]

export const givenCharacters: readonly string[] = [
  ...'伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂文辉玲玉红建华国庆志海波宁云峰鹏宇浩凯健俊帆雪梅兰竹菊',
  ...'琴琳瑞璐婷慧莹洁颖欣怡佳嘉雅思雨晨曦晓春夏秋冬子涵梓轩泽睿博皓然一诺昊天诗琪语嫣若彤可馨钰瑶楠松柏',
]

export const latinGiven: readonly string[] =
  'Alex Avery Bailey Blake Cameron Casey Charlie Corey Dana Drew Ellis Emery Finley Frankie Harper Hayden Jamie Jesse Jordan Jules Kelly Kim Lane Lee Logan Marion Morgan Noel Parker Pat Quinn Reese Riley Robin Rowan Sage Sam Shannon Sidney Taylor'.split(
    ' ',
  )

export const latinFamily: readonly string[] =
  'Abbott Archer Baker Barlow Barnes Bishop Brooks Carter Clarke Cole Cooper Dawson Dixon Ellison Fisher Foster Fowler Gardner Gibson Graham Hale Harris Hayes Holt Hudson Hunter Irving Jarvis Keller Lawson Mason Miller Mills Nash Newton Norris Osborne Palmer Pearce Porter Reed Rhodes Sawyer Shaw Slater Spencer Stone Sutton Tanner Thorne Turner Vance Wade Walker Walsh Ward Webb Weston Wheeler York'.split(
    ' ',
  )
