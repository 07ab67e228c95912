/** nginx as the system behind, as a plain proxy, and masking by Lua or njs: one configuration file for each. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const modules = '/usr/lib/nginx/modules'

/** How to get what is missing, on Debian and its kin. */
export const debianPackages = 'nginx libnginx-mod-http-lua lua-cjson libnginx-mod-http-js wrk'

export type NginxMasking = 'none' | 'lua' | 'njs'

/** The module files a way of masking needs, in the order they are loaded. */
const modulesOf: Readonly<Record<NginxMasking, readonly string[]>> = {
  none: [],
  lua: [`${modules}/ndk_http_module.so`, `${modules}/ngx_http_lua_module.so`],
  njs: [`${modules}/ngx_http_js_module.so`],
}

export function hasNginx(masking: NginxMasking = 'none'): boolean {
  return ['/usr/sbin/nginx', ...modulesOf[masking]].every(path => existsSync(path))
}

/** The system behind: files of a folder, from memory as good as always. */
export function systemConf(folder: string, port: number, root: string): string {
  const server = `root ${root}; location / { sendfile on; open_file_cache max=100; etag off; types { application/json json; } }`
  return conf(folder, port, { load: [], http: '', server })
}

export function proxyConf(folder: string, port: number, upstream: string, masking: NginxMasking): string {
  const http = {
    none: '',
    lua: `init_by_lua_file ${join(import.meta.dirname, 'mask.lua')};`,
    njs: `js_path ${import.meta.dirname}; js_import mask from mask.js;`,
  }
  const filter = {
    none: '',
    lua: 'header_filter_by_lua_block { ngx.header.content_length = nil } body_filter_by_lua_block { MASK_FILTER() }',
    njs: 'js_header_filter mask.headers; js_body_filter mask.body;',
  }
  const server = `location / {
      proxy_pass http://system; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_buffers 8 64k; proxy_buffer_size 16k; proxy_busy_buffers_size 128k; proxy_max_temp_file_size 0;
      ${filter[masking]}
    }`
  return conf(folder, port, {
    load: modulesOf[masking],
    http: `${http[masking]} upstream system { server ${upstream}; keepalive 64; keepalive_requests 100000000; }`,
    server,
  })
}

/** One process, in the foreground, that writes nothing outside its folder. */
function conf(
  folder: string,
  port: number,
  { load, http, server }: { load: readonly string[]; http: string; server: string },
): string {
  return `daemon off; master_process off; worker_processes 1;
pid ${folder}/nginx-${port}.pid; error_log ${folder}/nginx-${port}.log crit;
${load.map(path => `load_module ${path};`).join('\n')}
events { worker_connections 4096; }
http {
  access_log off; tcp_nodelay on; keepalive_requests 100000000; keepalive_timeout 120s;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  ${http}
  server { listen 127.0.0.1:${port}; ${server} }
}
`
}
