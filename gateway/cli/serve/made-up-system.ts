/** A system of made-up people on the loopback interface, for a gateway that asks itself before anybody else can. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'

export type MadeUpSystem = {
  /** `http://127.0.0.1:PORT`. The path `/1000` is answered with as many rows as make 1000 bytes, in JSON. */
  readonly origin: string
  /** Cuts who is connected. Resolves when nothing listens any more. */
  close(): Promise<void>
}

/** A row as systems have them; where eight zeros stand, each has a number of its own, as people are told apart by theirs. */
const row = Buffer.from(
  `${JSON.stringify({
    id: 1024,
    name: '王小明',
    idCard: '110105199000000000',
    mobile: '13800000000',
    email: 'user00000000@example.com',
    address: '北京市朝阳区建设路210号阳光花园3栋2单元1002室',
    bankCard: '6220000000000000000',
    department: '研发中心',
    createdAt: '2026-11-22T08:00:00.000Z',
    status: 'ACTIVE',
    score: 97.25,
    tags: ['vip', 'east', 'a10'],
    remark: '[1024] 客户来电咨询账单问题，已核实身份信息并完成变更登记 "ok"\n预计三个工作日内回复，请保持电话畅通',
    contact: { name: '李芳', mobile: '13900000000' },
  })},`,
)
const digits = 8
const numbersAt = [...row.toString('latin1').matchAll(/0{8}/g)].map(({ index }) => index)
const [head, tail] = [Buffer.from('{"rows":['), Buffer.from('{"id":0}]}')]
const rowsInPiece = 128

/** Rejects where nothing can listen on the loopback interface. */
export async function startMadeUpSystem(): Promise<MadeUpSystem> {
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', request => {
      const asked = /^GET \/(\d{1,9}) /.exec(request.toString('latin1'))
      if (asked === null) socket.destroy()
      else
        void pipeline(answer(Math.max(1, Math.round(Number(asked[1]) / row.length))), socket, { end: false }).catch(cut)
    })
  })
  // a worker of several would share its port with the others
  server.listen({ host: '127.0.0.1', port: 0, exclusive: true })
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise(resolve => void server.close(() => resolve()))
    },
  }
}

/** Whoever asked has left. */
function cut(): void {}

function* answer(rows: number): Generator<Buffer> {
  const length = head.length + rows * row.length + tail.length
  yield Buffer.from(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${head}`)
  for (let first = 0; first < rows; first += rowsInPiece) yield rowsFrom(first, Math.min(rows - first, rowsInPiece))
  yield tail
}

function rowsFrom(first: number, count: number): Buffer {
  const rows = Buffer.alloc(row.length * count, row)
  for (let nth = 0; nth < count; nth++) {
    const number = String(first + nth).padStart(digits, '0')
    for (const at of numbersAt) rows.write(number, nth * row.length + at, 'latin1')
  }
  return rows
}
