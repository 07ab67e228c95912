/**
 * What --help says of options, in Chinese. A command has its usage in English, in one piece, as it is printed; here stands for
 * each explanation in it the same in Chinese, one line under the other, so that what many commands share is said once.
 */

const pairs = `
gateway.yaml in this folder if left out
省略时为当前目录的 gateway.yaml
gateway.yaml; the one in this folder if left out
省略时为当前目录的 gateway.yaml
asks no system; else each gets one GET for its first page, as the gateway would send it
不询问系统；否则像网关那样向每个系统的首页各发一个 GET
without any configuration: for this machine only, by the shipped policies
无需配置：只供本机使用，按自带策略脱敏
so many processes that serve as one, each with a log of its own; \`workers\` in gateway.yaml if left out
以多少个进程共同服务，各有一份日志；省略时按 gateway.yaml 的 workers
end after the walk-through: with 0 if all was as it should be, else with 1
展示完即结束：一切正常返回 0，否则返回 1

certificate of the authority that issued the system's, where it is one's own
系统证书由本单位自己的机构签发时，该机构的证书文件
a list of paths, one on each line, or a HAR file saved by a browser
路径清单（每行一条），或浏览器保存的 HAR 文件
the shipped policy, or those of --config, if left out
省略时用自带策略，或 --config 所指的策略
a gateway.yaml: --system is one of its systems, asked as the gateway would, by its policies and limits
一份 gateway.yaml：--system 是其中的系统，按网关的方式询问，用其中的策略与上限
public if left out
省略时为 public
"NAME: VALUE", sent with each request: a session, credentials
"名称: 值"，随每个请求发出，如会话或凭据
requests at most; 500 if left out
至多多少个请求；省略时为 500
a file, a folder with all that is in it, or an http or https address, asked once by GET
文件、文件夹（含其中全部内容），或 http、https 地址（以 GET 请求一次）
status 1 is for values of this level and higher, and for what could not be looked at; 3 if left out
有此级及更高级的数据、或有看不了的内容时返回 1；省略时为 3
its catalogue counts; the shipped one if left out
以其中的目录为准；省略时用自带目录
sent to addresses, such as a cookie; may be given several times
发给网址的请求头，如 Cookie；可写多次
one object for each place that was looked at
每处一个 JSON 对象

what is stopped; answers under way are cut
封锁的对象；正在发送的应答会被切断
of the system, as the policy writes it: /api/students/{id}
该系统的一条路由，写法同策略：/api/students/{id}
so many requests a minute, in place of none; 6 is usual
不封锁，而限为每分钟多少个请求；通常用 6
shown as if nothing was presented, and one form stricter
按未出示任何依据显示，且再严一档
ends by itself after 24h, 30m ...; left out: when two people lift it
到时自行结束，如 24h、30m；省略时须两人解除
all of it but the stopping
演练：除封锁外一切照做
where the report of a drill goes; printed, if left out
演练报告写到哪里；省略时直接显示
your secret key (veilgate keys approver); or VEILGATE_KEY names its file
您的私钥（veilgate keys approver 生成）；或由 VEILGATE_KEY 指明其文件
your name in gateway.yaml, where it is not the key's
您在 gateway.yaml 中的名称，与密钥上的不同时才写
the gateway's admin listener; if left out, that of gateway.yaml in this folder or
网关的管理接口；省略时取当前目录的 gateway.yaml 或
--config FILE, else http://127.0.0.1:8081
--config FILE 中的，没有则为 http://127.0.0.1:8081
as the gateway answers
照网关的应答输出
also those that were lifted
含已解除的
of times; the gateway's, if left out
所示时间的时区；省略时同网关
public key of a log (veilgate keys log-key), or a file of keys
日志的公钥（veilgate keys log-key 显示），或装有公钥的文件
its own key and what it remembers; ./witness if left out
存放自己的密钥和已记住的检查点；省略时为 ./witness
127.0.0.1:8090 if left out; put TLS in front to have HTTPS
省略时为 127.0.0.1:8090；需要 HTTPS 时在前面放 TLS
of its key, when it is made; witness/HOST if left out
生成密钥时的名称；省略时为 witness/主机名
one object for each finding
每项结果一个 JSON 对象
Status 1 where something is wrong; advice alone is status 0.
有必须改正之处返回 1；只有建议时返回 0。

the policy folder; ./policies if left out
策略文件夹；省略时为 ./policies
gateway.yaml, the policies it names, and whether they fit: what \`serve\` looks at before it starts
gateway.yaml、它指明的策略，以及两者是否相符：即 serve 启动前检查的内容
the system's name in its policy file
策略文件中的系统名称
path and query of a request: /api/students/7
请求的路径与查询：/api/students/7
who asks
以哪个受众的身份
what is presented: operator,purpose,basis,grant,terminal ...
出示了什么：operator,purpose,basis,grant,terminal ……
what the caller presents: operator,purpose,basis,grant,terminal ...
调用方出示了什么：operator,purpose,basis,grant,terminal ……
GET if left out
省略时为 GET
the content-type of the body; if left out, what it looks like
内容的 content-type；省略时按内容判断
the content-type of the body; application/json if left out
内容的 content-type；省略时为 application/json
./policies if left out
省略时为 ./policies
With a body on standard input: each field that stands in it. Without: each field the policy names.
标准输入有内容时说明其中每个字段；没有时说明策略写明的每个字段。
policy folders
两个策略文件夹：旧的、新的
what is more visible alone, one object a line: audience, with, system, route, field, subject, from, to
只列显示更多的，每行一个对象：audience、with、system、route、field、subject、from、to
Exit status 0: nothing is more visible; 1: something is.
没有显示得更多返回 0；有则返回 1。
policy folders: the one in force, and the one to be; left out: keys/policies/in-force and the
两个策略文件夹：现行的、拟启用的；省略时为 keys/policies/in-force 与
folder that gateway.yaml names
gateway.yaml 指明的文件夹
the approver's secret key (veilgate keys approver)
批准人的私钥（veilgate keys approver 生成）
the approver's secret key (veilgate keys approver); left out: it is shown only, and nothing signed
批准人的私钥（veilgate keys approver 生成）；省略时只查看，不签名
The signature goes to NEW/approvals; the gateway takes it up within a second.
签名写入 NEW/approvals，网关一秒内采用。

who will ask, through which consumer of gateway.yaml
由谁、经 gateway.yaml 中哪个调用方请求
where the consumer can be in several
调用方可属多个受众时写明
as the request will state it
与将来请求中写的一致
as the request will state it: 'work_order;ref="WO-2026-12"'
与将来请求中写的一致：'work_order;ref="WO-2026-12"'
the one request: /api/students/7; it is not written down
唯一的那个请求：/api/students/7；不会记下
of a route that is asked by POST: what is posted, and its content-type
以 POST 查询的路由：提交的内容及其 content-type
shown in this form, clear if left out; again for each type; none: masked
以此形式显示，省略形式时为原文；每种数据写一次；都不写：脱敏导出
rows at the most; 1 if left out
至多多少行；省略时为 1
of the answer: json, csv, xlsx ...; any, if left out
应答的格式：json、csv、xlsx ……；省略时不限
a network, or cert:SHA256 of a client certificate; again for each
网段，或客户端证书的 cert:SHA256；可写多次
2026-11-21, or with a time; --timezone ZONE (the gateway's); from now, if left out
2026-11-21，可带时间；时区由 --timezone ZONE 指定（省略时同网关）；省略起点即从现在起
one approval will do; a review is due within 24 hours of its use
一人批准即可；使用后 24 小时内须复核
also those that have come to their end, of the last month
含最近一个月内已结束的
says whether it is for this very request; exits with 1 where it is not
说明是否正是给这个请求的；不是则返回 1
the answer itself, masked, to standard output; that you read it is put on record
把应答本身（已脱敏）写到标准输出；阅读会记录在案

says where the records are; gateway.yaml in this folder if left out
由它得知记录在哪里；省略时为当前目录的 gateway.yaml
the folder they are in, whatever gateway.yaml says
记录所在的文件夹，不论 gateway.yaml 怎么写
reads every record instead of asking the index: slow, and certain that none is left out
不用索引而逐条读取：慢，但确保不遗漏
a copy of the records in its place: postgres://USER@HOST/DATABASE, or a file with such an address
改读记录的副本：postgres://USER@HOST/DATABASE，或写有这种地址和口令的文件；
and the password; else the password is PGPASSWORD
文件中没有口令时用 PGPASSWORD
PEM: authorities that vouch for the database
PEM：为数据库作保的证书机构
2026-11-21 (both days included), 2026-11-21T09:30, with or without a zone
2026-11-21（首尾两天都算）、2026-11-21T09:30，可带时区
of dates and of the times shown; the gateway's, if left out
日期与所示时间的时区；省略时同网关
each may be given several times: any of these values
每项可写多次，符合其一即可
records of this kind are left out; may be given several times
不要这一类记录；可写多次
how many of each instead: route, code, outcome, consumer, operator, system, kind, data-type
改为按此汇总条数：route、code、outcome、consumer、operator、system、kind、data-type
the newest N; 50 for the table, all for --json and --csv
最新的 N 条；省略时表格为 50 条，--json 与 --csv 为全部
one object, or one row, for each record
每条记录一个对象，或一行
the record's number, as in the answer of a refused request: gw1-0:1042
记录编号，如被拒请求的应答中所示：gw1-0:1042
the record's number: gw1-0:1042
记录编号：gw1-0:1042
of the time shown; the gateway's, if left out
所示时间的时区；省略时同网关
of the time shown; the machine's, if left out
所示时间的时区；省略时同本机
the record as it is written
照写下的样子输出记录
the record as it was written
照写下的样子输出记录
first: writes what is asked for, to be approved
第一步：写下申请，待批准
then, approved: looks for them
第二步：获批后查找
whom somebody was shown, as blind indexes; takes the filters of query
某人看过谁（以盲索引表示）；可用 query 的筛选条件
the list: CSV, XLSX, XLS, lines of text, or what a chat or a screenshot says, a person a row; - for standard input
名单：CSV、XLSX、XLS、文本行，或聊天、截图中的文字，每行一人；- 表示标准输入
what a column holds, by its name or number: 手机号=cn_mobile; else by its name and by what is in it
某列（按列名或列号）是什么：手机号=cn_mobile；省略时按列名和内容判断
what all values of the list are
名单中的值都是哪一种
what it is for, as it goes on record
事由编号，会记录在案
only answers of this time, in the configured timezone
只查这段时间的应答，按配置的时区
with two signatures: veilgate records approve
已有两人签名的申请（veilgate records approve）
the trace authority's secret key, for past months; else the keys folder opens what it can
溯源保管人的私钥，用于过往月份；省略时只查密钥文件夹能打开的部分
gateway.yaml in this folder if left out: approvers, policies, where records and keys are
省略时为当前目录的 gateway.yaml：批准人、策略、记录与密钥的位置
other records than those
改读别处的记录
a page of it, to be printed, signed and handed in
写成一页网页，可打印、签字、上报
one object for the trace, for each accessor and for each time somebody was shown
溯源结果、每个访问者、每次查看各一个对象
reads every record instead of asking the index
不用索引而逐条读取
CSV or Excel, one order to a row, with the names of its columns in the first
CSV 或 Excel，每行一张工单，首行为列名
YAML: which column is which; see gateway/records/README.md
YAML：各列分别是什么；见 gateway/records/README.md
accesses of this time: 2026-11-21 (both days included), 2026-11-21T09:30
这段时间的访问：2026-11-21（首尾两天都算）、2026-11-21T09:30
of times in the sheet and of those shown; the gateway's, if left out
表中时间与所示时间的时区；省略时同网关
one object, or one row, for each finding
每项结果一个对象，或一行
what to report on, and to compare with the one before
报告多长的一段时间，并与前一段比较
the period that has this day in it: 2026-11-21; the last one that is over, if left out
含有这一天的那一段：2026-11-21；省略时为刚结束的一段
of its days; the gateway's, if left out
按哪个时区分日；省略时同网关
where to write it; printed, if left out
写到哪里；省略时直接显示
its figures in place of the page
只要数字（CSV），不要网页
the folder is not verified first, which reads all of it
不先核验整个文件夹（核验须全部读一遍）
the log's public key (veilgate keys log-key), or a file of keys, from elsewhere
日志的公钥（veilgate keys log-key 显示）或装有公钥的文件，须另行保管
the log's public key (veilgate keys log-key), or a file of keys
日志的公钥（veilgate keys log-key 显示），或装有公钥的文件
a witness's public key, or a folder or file in which a witness keeps checkpoints
见证方的公钥，或见证方保存检查点的文件夹、文件
a witness's public key: then the witness must have signed it as well
见证方的公钥：写了就须也有其签名
public key of somebody who may approve removal, or a file of such keys
可批准删除者的公钥，或装有公钥的文件
OCSF 1.3.0 API Activity (6003), Elastic Common Schema 8.17, CEF 0, or records as they are; one a line
OCSF 1.3.0 API Activity（6003）、Elastic Common Schema 8.17、CEF 0，或记录原样；每行一条
only this log
只核验这一份日志
one object for each log
每份日志一个对象
as veilgate records prove wrote it
veilgate records prove 写的证明文件
the hold's name, e.g. case-2026-12
保全的名称，如 case-2026-12
2026-11-21, or with a time; everything, if left out
2026-11-21，可带时间；省略时为全部
of dates; the gateway's, if left out
日期的时区；省略时同网关
only records of this route, as policies write it
只保全这条路由的记录，写法同策略
only records of a person, by the blind index in a record; of each month another one
只保全某人的记录，以记录中的盲索引指明；每月的索引不同
first: writes what would be removed, to be approved
第一步：写下要删除的内容，待批准
then, approved: removes it
第二步：获批后删除
records before this day, in the configured timezone; they are kept for three years at least
这一天（按配置的时区）之前的记录；至少保存三年
of which log, where several gateways or workers write here; gw1-0 if left out
多个网关或进程写在一处时，是哪一份日志；省略时为 gw1-0
where the request is written; two people sign it: veilgate records approve
申请写到哪里；须两人签名：veilgate records approve
the request, with their signatures
已有两人签名的申请
gateway.yaml in this folder if left out; its approvers may approve
省略时为当前目录的 gateway.yaml；由其中的批准人批准
the request, as veilgate records prune or trace --ask wrote it; the signature is added to it
veilgate records prune 或 trace 以 --ask 写下的申请；签名加在其中

its first line; read from standard input if left out. At least 12 characters
取文件的第一行；省略时从标准输入读取。至少 12 个字符
its first line; read from standard input if left out
取文件的第一行；省略时从标准输入读取
an account, or the login of somebody who signs in by OpenID Connect or CAS
账户名，或经 OpenID Connect、CAS 登录者的登录名
the person's mailbox: two accounts of one are refused
本人的邮箱：同一邮箱不能有两个账户
when it counts: 2026-12-31, to its end, in the gateway's timezone
有效期：2026-12-31 即到当日结束，按网关的时区
the consumer, as in gateway.yaml
调用方，如 gateway.yaml 中所写
put on record that a key was made
把生成密钥一事记录在案
one object: consumer, key, hash
一个对象：consumer、key、hash
the user name it signs in by
登录用的用户名
the person, as in gateway.yaml
批准人，如 gateway.yaml 中所写
where the secret half is written, for that person to keep; must not exist
私钥写到哪里，由本人保管；文件不得已存在
where the secret half is written, to be kept offline; must not exist
私钥写到哪里，须离线保管；文件不得已存在
says where keys and records are; gateway.yaml in this folder if left out
由它得知密钥与记录在哪里；省略时为当前目录的 gateway.yaml
instead of --config
代替 --config
one object a line
每行一个对象
as in veilgate keys list: mask-token, mask-ff1, mask-hmac, mask-fake-name, cookie-seal
如 veilgate keys list 所列：mask-token、mask-ff1、mask-hmac、mask-fake-name、cookie-seal
for how long what the old key made still comes back; key_overlap_days of gateway.yaml if left out (30)
旧密钥生成的内容还能还原多久；省略时按 gateway.yaml 的 key_overlap_days（30）
the generation, such as mask-token.1
哪一代，如 mask-token.1
the generation, such as mask-token.1; or a month's key, blind-index.2026-08, which makes the people
哪一代，如 mask-token.1；或某月的密钥，如 blind-index.2026-08，
in that month's records unlinkable
销毁后该月记录中的人再也对应不上
without it nothing is destroyed
不写则什么也不销毁
the file to make
要生成的文件
aes-256-gcm or sm4-gcm; the first if left out
aes-256-gcm 或 sm4-gcm；省略时为前者
what veilgate keys export wrote
veilgate keys export 写的文件
`

/** By the explanation in English. */
export const explanationsInChinese: ReadonlyMap<string, string> = readPairs(pairs.split('\n').filter(Boolean))

function readPairs(lines: readonly string[]): ReadonlyMap<string, string> {
  return new Map(lines.flatMap((line, at) => (at % 2 === 0 ? [[line, lines[at + 1]!] as const] : [])))
}

/** A usage in Chinese: of each line what stands before its explanation stays, and all of it where there is none. */
export function usageInChinese(usage: string): string {
  return usage
    .split('\n')
    .map(line => {
      for (let at = 0; at >= 0; at = line.indexOf(' ', at) + 1 || -1) {
        const said = explanationsInChinese.get(line.slice(at))
        if (said !== undefined) return line.slice(0, at) + said
      }
      return line
    })
    .join('\n')
}
