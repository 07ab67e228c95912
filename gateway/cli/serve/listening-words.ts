import type { Bilingual } from '../../contracts.ts'

/** By what the system calls it. */
const reasons: Readonly<Record<string, Bilingual>> = {
  EADDRINUSE: {
    zh: '该端口已被另一个程序占用（可用 ss -ltnp 查看），也可能是网关已在运行',
    en: 'Another program has this port (`ss -ltnp` tells which), perhaps a gateway that runs already',
  },
  EACCES: {
    zh: '1024 以下的端口只有 root 可用，而网关不必以 root 运行：请改用更大的端口，由前面的代理转来；在 systemd 中也可写 AmbientCapabilities=CAP_NET_BIND_SERVICE',
    en: 'Ports below 1024 are for root, and the gateway should not run as root: take a higher one, with a proxy in front of it; under systemd AmbientCapabilities=CAP_NET_BIND_SERVICE does as well',
  },
  EADDRNOTAVAIL: {
    zh: '本机没有这个地址（ip addr 可列出）；网络可能尚未就绪',
    en: 'This machine has no such address (`ip addr` lists them); or its network is not up yet',
  },
}
const unresolved: Bilingual = {
  zh: '该主机名解析不到地址，请改写 IP 地址',
  en: 'Its host name leads to no address; write an IP address',
}

/** Why nothing can listen there, and what to do. `code`: of the error. */
export function listeningWords(host: string, port: number, code: string): Bilingual {
  const at = `${host.includes(':') ? `[${host}]` : host}:${port}`
  const reason = reasons[code] ?? (/^E(AI_|NOTFOUND)/.test(code) ? unresolved : null)
  const [zh, en] = reason === null ? ['', ''] : [`${reason.zh}。`, ` ${reason.en}.`]
  return {
    zh: `无法在 ${at} 上监听（${code}）。${zh}地址在 gateway.yaml 的 listen 与 admin 中。`,
    en: `Cannot listen on ${at} (${code}).${en} \`listen\` and \`admin\` in gateway.yaml say where.`,
  }
}
