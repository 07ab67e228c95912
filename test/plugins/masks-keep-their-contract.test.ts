import { plugins } from '../../plugins/index.ts'
import { maskContract } from '../contract/mask.ts'

for (const mask of plugins.masks) maskContract(mask)
