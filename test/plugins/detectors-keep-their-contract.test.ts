import { plugins } from '../../plugins/index.ts'
import { detectorContract } from '../contract/detector.ts'

for (const detector of plugins.detectors) detectorContract(detector)
