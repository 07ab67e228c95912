/** What the host calls, which is ../batch-cmac.ts; compiled to cmac.wasm by `npm run build:wasm`. */
export { setKey } from './aes'
export { advance, finish, forget, layAdded } from './cmac'
export { layPeople } from './people'
