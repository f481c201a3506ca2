public import MartletCore

extension Pipeline: DescribedPipeline {}
