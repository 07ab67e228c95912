/** Which exchanges a connection is busy with, for what happens on the connection itself. */
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Exchange } from './exchange.ts'

type UnderWay = {
  readonly exchange: Exchange
  readonly response: ServerResponse
  /** One that came before on the same connection, and is still being answered: its client pipelines. */
  ahead: UnderWay | null
}

/** Under a symbol: a WeakMap of connections costs the collector of garbage more. */
const last = Symbol('the last exchange begun')
type Busy = Socket & { [last]?: UnderWay }

/**
 * From now on the connection is busy with this exchange, which is told when it is gone. One listener for each connection:
 * one for each response, with what it knows, cost 7 000 instructions a request.
 */
export function takeUp(socket: Busy, exchange: Exchange, response: ServerResponse): void {
  const before = socket[last]
  socket[last] = { exchange, response, ahead: before === undefined ? null : unanswered(before) }
  if (before === undefined) socket.once('close', leaveAll)
}

/** Whether there is an exchange whose answer is not with the kernel yet. */
export function isBusy(socket: Busy): boolean {
  return socket[last]?.response.writableFinished === false
}

/** Whether what is asked is all there, and its answer has not begun or waits for more: then it is not the client that is slow. */
export function waitsForUs(socket: Busy): boolean {
  const busy = socket[last]
  if (busy === undefined) return false
  return busy.exchange.raw.complete && busy.response.writableLength === 0 && !busy.response.writableEnded
}

/** Without those that are answered. Answers leave in the order they were asked for, so that all ahead of one are, too. */
function unanswered(busy: UnderWay): UnderWay | null {
  if (busy.response.writableFinished) return null
  for (let at = busy; at.ahead !== null; at = at.ahead) {
    if (!at.ahead.response.writableFinished) continue
    at.ahead = null
    break
  }
  return busy
}

function leaveAll(this: Busy): void {
  for (let at = this[last] ?? null; at !== null; at = at.ahead) if (!at.response.writableFinished) at.exchange.leave()
}
