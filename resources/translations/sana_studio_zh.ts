<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh" sourcelanguage="en">
<context>
    <name>AdvancedBox</name>
    <message>
        <source>Solver</source>
        <translation>采样器</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>精度</translation>
    </message>
</context>
<context>
    <name>AdvancedPage</name>
    <message>
        <source>Open the log folder</source>
        <translation>打开日志文件夹</translation>
    </message>
    <message>
        <source>Reset all settings</source>
        <translation>恢复所有默认设置</translation>
    </message>
    <message>
        <source>Really reset them?</source>
        <translation>确定要恢复吗？</translation>
    </message>
    <message>
        <source>All settings have their defaults again.</source>
        <translation>所有设置已恢复为默认值。</translation>
    </message>
</context>
<context>
    <name>AlbumList</name>
    <message>
        <source>Albums</source>
        <translation>相册</translation>
    </message>
    <message>
        <source>All pictures</source>
        <translation>所有图片</translation>
    </message>
    <message>
        <source>Favourites</source>
        <translation>收藏</translation>
    </message>
    <message>
        <source>New Album</source>
        <translation>新建相册</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Delete Album</source>
        <translation>删除相册</translation>
    </message>
</context>
<context>
    <name>Albums</name>
    <message>
        <source>New album</source>
        <translation>新相册</translation>
    </message>
    <message>
        <source>New album {n}</source>
        <translation>新相册 {n}</translation>
    </message>
    <message>
        <source>Undo Delete of the Album</source>
        <translation>撤销删除相册</translation>
    </message>
    <message>
        <source>Album “{name}” deleted. Its pictures stay.</source>
        <translation>已删除相册“{name}”。其中的图片仍保留。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>{pictures} added to “{name}”</source>
        <translation>已将 {pictures}添加到“{name}”</translation>
    </message>
    <message>
        <source>Undo Remove from Album</source>
        <translation>撤销从相册移除</translation>
    </message>
</context>
<context>
    <name>BackendRow</name>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>Test {name}</source>
        <translation>测试 {name}</translation>
    </message>
    <message>
        <source>Checks that it computes the right numbers. It takes a moment.</source>
        <translation>检查计算结果是否正确，需要稍等片刻。</translation>
    </message>
</context>
<context>
    <name>BackendsPage</name>
    <message>
        <source>Testing…</source>
        <translation>正在测试…</translation>
    </message>
</context>
<context>
    <name>BaseChoice</name>
    <message>
        <source>Made from</source>
        <translation>来源模型</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>“{name}” fits several models. Which one was it made from?</source>
        <translation>“{name}”与多个模型匹配。它是由哪一个制作的？</translation>
    </message>
</context>
<context>
    <name>BeforeAfter</name>
    <message>
        <source>Before and after</source>
        <translation>前后对比</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>“{before}” up to {n} %, then “{after}”</source>
        <translation>前 {n}% 为“{before}”，其后为“{after}”</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>After</source>
        <translation>之后</translation>
    </message>
</context>
<context>
    <name>Browsing</name>
    <message>
        <source>New Album</source>
        <translation>新建相册</translation>
    </message>
</context>
<context>
    <name>Catalog</name>
    <message>
        <source>Trying the app at once: small, quick, and it comes with it.</source>
        <translation>立即试用应用：小巧、快速，随应用附带。</translation>
    </message>
    <message>
        <source>Makes small, simple scenes only.</source>
        <translation>只会生成简单的小场景。</translation>
    </message>
    <message>
        <source>A small model made for this app. It knows one of fourteen things, such as a house, a sailboat or a windmill, in ten places, eight colours and four times of day.</source>
        <translation>为本应用制作的小模型。它认识十四种事物（如房子、帆船、风车）、十个地点、八种颜色和一天中的四个时段。</translation>
    </message>
    <message>
        <source>The fastest real Sana: a picture in two steps, on any Apple chip.</source>
        <translation>最快的正式 Sana：两步成图，适合任何 Apple 芯片。</translation>
    </message>
    <message>
        <source>Research and other non-commercial use, unless the model&apos;s page says otherwise by now. The text encoder is Gemma 2: https://ai.google.dev/gemma/terms</source>
        <translation>仅限研究及其他非商业用途，除非模型页面现已另有说明。文本编码器为 Gemma 2：https://ai.google.dev/gemma/terms</translation>
    </message>
    <message>
        <source>Pictures in two steps, with more detail than the small Sprint.</source>
        <translation>两步成图，细节多于小型 Sprint。</translation>
    </message>
    <message>
        <source>Research and other non-commercial use, unless the model&apos;s page says otherwise by now. Its card also names the NVIDIA Open Model License; which of the two holds is an open question. The text encoder is Gemma 2: https://ai.google.dev/gemma/terms</source>
        <translation>仅限研究及其他非商业用途，除非模型页面现已另有说明。其模型卡还提到 NVIDIA Open Model License；两者以哪个为准尚无定论。文本编码器为 Gemma 2：https://ai.google.dev/gemma/terms</translation>
    </message>
    <message>
        <source>Pictures that follow long prompts closely.</source>
        <translation>能紧密遵循长提示词的图像。</translation>
    </message>
    <message>
        <source>The best pictures of the family, for Macs with much memory.</source>
        <translation>该系列中最好的图像，适合内存充足的 Mac。</translation>
    </message>
    <message>
        <source>Small pictures, quickly and with little memory.</source>
        <translation>小尺寸图像，速度快，占用内存少。</translation>
    </message>
    <message>
        <source>Full-size pictures with little memory.</source>
        <translation>全尺寸图像，占用内存少。</translation>
    </message>
    <message>
        <source>Small pictures with more detail; prompts in English.</source>
        <translation>细节更多的小尺寸图像；提示词用英文。</translation>
    </message>
    <message>
        <source>Small pictures with more detail; prompts in English, Chinese and emoji.</source>
        <translation>细节更多的小尺寸图像；提示词可用英文、中文和表情符号。</translation>
    </message>
    <message>
        <source>Full-size pictures; prompts in English.</source>
        <translation>全尺寸图像；提示词用英文。</translation>
    </message>
    <message>
        <source>Full-size pictures; prompts in English, Chinese and emoji.</source>
        <translation>全尺寸图像；提示词可用英文、中文和表情符号。</translation>
    </message>
    <message>
        <source>Full-size pictures; the base of the 2K and 4K models.</source>
        <translation>全尺寸图像；2K 和 4K 模型的基础。</translation>
    </message>
    <message>
        <source>Large pictures of 2048 pixels a side.</source>
        <translation>边长 2048 像素的大图像。</translation>
    </message>
    <message>
        <source>Very large pictures of 4096 pixels a side; slow, and it needs much memory.</source>
        <translation>边长 4096 像素的超大图像；速度慢，需要大量内存。</translation>
    </message>
    <message>
        <source>Trying clips at once, from words or from a picture: small, quick, and it comes with the app.</source>
        <translation>马上试做视频，可以从文字或图片开始：小巧、快速，随应用提供。</translation>
    </message>
    <message>
        <source>Makes small, simple scenes in which one thing moves.</source>
        <translation>只能生成小而简单的场景，其中有一样东西在动。</translation>
    </message>
    <message>
        <source>A small model made for this app. It knows the scenes of the starter model: a sailboat or a car goes to the left or to the right, a balloon rises, a rocket takes off, the sun sets. Begin with a picture of the starter model, and say what moves.</source>
        <translation>为本应用制作的小模型。它认识入门模型的场景：帆船或汽车向左或向右行驶，热气球升起，火箭升空，太阳落下。请从入门模型的一张图片开始，并写明什么在动。</translation>
    </message>
    <message>
        <source>Clips of five seconds in 1280 × 704, from words or from a picture; a third of the work of the 480p model.</source>
        <translation>1280 × 704 的五秒视频，可由文字或图片生成；计算量约为 480p 模型的三分之一。</translation>
    </message>
    <message>
        <source>The autoencoder is that of LTX-2, under Lightricks&apos; community licence, which has terms of its own for companies: https://huggingface.co/Lightricks/LTX-2. The text encoder is Gemma 2: https://ai.google.dev/gemma/terms</source>
        <translation>自编码器来自 LTX-2，适用 Lightricks 的社区许可，其中对公司另有条款：https://huggingface.co/Lightricks/LTX-2。文本编码器为 Gemma 2：https://ai.google.dev/gemma/terms</translation>
    </message>
    <message>
        <source>Clips of five seconds in 832 × 480, from words or from a picture, with Wan&apos;s autoencoder.</source>
        <translation>832 × 480 的五秒视频，可由文字或图片生成，使用 Wan 的自编码器。</translation>
    </message>
    <message>
        <source>The autoencoder is that of Wan 2.1, under Apache-2.0. The text encoder is Gemma 2: https://ai.google.dev/gemma/terms</source>
        <translation>自编码器来自 Wan 2.1，适用 Apache-2.0。文本编码器为 Gemma 2：https://ai.google.dev/gemma/terms</translation>
    </message>
    <message>
        <source>The fastest way to rich, detailed pictures on a Mac: four steps, free for any use.</source>
        <translation>在 Mac 上最快得到丰富细致图片的方式：只需四步，任何用途皆可自由使用。</translation>
    </message>
    <message>
        <source>Its weights in 4 bits are the mflux community&apos;s.</source>
        <translation>4 位权重由 mflux 社区提供。</translation>
    </message>
    <message>
        <source>The same in half precision: closest to the original, for Macs with 32 GB or more.</source>
        <translation>同一模型的半精度版本：最接近原版，适合内存 32 GB 或以上的 Mac。</translation>
    </message>
    <message>
        <source>The best pictures of these, like photographs, with legible words in English and Chinese.</source>
        <translation>其中画质最好，近似照片，并能写出清晰的中英文字。</translation>
    </message>
    <message>
        <source>Its weights in 4 bits are the mflux community&apos;s. Some copies name another licence; the model&apos;s own page is what counts.</source>
        <translation>4 位权重由 mflux 社区提供。有些副本写着其他许可证；以模型自己的页面为准。</translation>
    </message>
    <message>
        <source>The model that many know, for Macs with 24 GB or more.</source>
        <translation>许多人熟悉的模型，适合内存 24 GB 或以上的 Mac。</translation>
    </message>
    <message>
        <source>Outlines say where things stand in the starter&apos;s scenes.</source>
        <translation>用轮廓决定入门模型场景中物体的位置。</translation>
    </message>
    <message>
        <source>Edges and sketches say where things stand. Made by a user, not by NVIDIA.</source>
        <translation>用边缘和草图决定物体的位置。由用户制作，并非 NVIDIA 出品。</translation>
    </message>
    <message>
        <source>Its page states no licence. It was made from Sana 0.6B, whose licence allows research and other non-commercial use. Ask its author before you use it for more.</source>
        <translation>其页面没有注明许可证。它由 Sana 0.6B 制成，后者的许可证允许研究和其他非商业用途。用于其他用途前请先征询作者。</translation>
    </message>
    <message>
        <source>Soft edges (HED) say where things stand. Made by a user, not by NVIDIA.</source>
        <translation>用柔和边缘（HED）决定物体的位置。由用户制作，并非 NVIDIA 出品。</translation>
    </message>
    <message>
        <source>It makes clips of up to a minute piece by piece, with a causal network that diffusers and MLX do not have.</source>
        <translation>它用因果网络逐段生成最长一分钟的视频，而 diffusers 和 MLX 都没有这种网络。</translation>
    </message>
    <message>
        <source>A causal port of its own, whose attention carries a state from piece to piece.</source>
        <translation>专门的因果移植，其注意力在各段之间传递状态。</translation>
    </message>
    <message>
        <source>Its weights are published as a pickle only, which can hide harmful code, and a clip needs about 32 GB of memory.</source>
        <translation>它的权重只以 pickle 形式发布，其中可能藏有有害代码；生成一段视频约需 32 GB 内存。</translation>
    </message>
    <message>
        <source>Weights as safetensors, and a port that works in tiles and few bits.</source>
        <translation>safetensors 格式的权重，以及支持分块和低位数计算的移植。</translation>
    </message>
    <message>
        <source>It wants a path of the camera, and its picture is finished by a refiner that takes 47 GB of memory.</source>
        <translation>它需要给定镜头路径，画面还要由一个占用 47 GB 内存的精修模型完成。</translation>
    </message>
    <message>
        <source>A way to draw a camera&apos;s path, and a smaller refiner.</source>
        <translation>绘制镜头路径的方式，以及更小的精修模型。</translation>
    </message>
</context>
<context>
    <name>ClipCommands</name>
    <message>
        <source>Parts of a picture can be changed, not of a clip. Save one of its frames first.</source>
        <translation>只能修改图片的局部，不能修改视频。请先保存其中一帧。</translation>
    </message>
    <message>
        <source>Pictures can be enlarged, not clips.</source>
        <translation>只能放大图片，不能放大视频。</translation>
    </message>
    <message>
        <source>Pictures can be compared side by side, not clips.</source>
        <translation>只能并排比较图片，不能比较视频。</translation>
    </message>
    <message>
        <source>Pictures can be compared with what they were made from, not clips.</source>
        <translation>只能将图片与其来源比较，不能比较视频。</translation>
    </message>
    <message>
        <source>No model on this machine makes clips from a picture.</source>
        <translation>这台电脑上没有能用图片生成视频的模型。</translation>
    </message>
    <message>
        <source>Get one…</source>
        <translation>获取模型…</translation>
    </message>
    <message>
        <source>This model cannot start from a picture.</source>
        <translation>此模型不能从图片开始。</translation>
    </message>
</context>
<context>
    <name>ClipField</name>
    <message>
        <source>Length in frames</source>
        <translation>长度（帧）</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>长度</translation>
    </message>
    <message>
        <source>Frames a second</source>
        <translation>每秒帧数</translation>
    </message>
    <message>
        <source>More of them make the same frames pass faster.</source>
        <translation>每秒帧数越多，同样的帧播放得越快。</translation>
    </message>
    <message>
        <source>Changed {typed} to {now}: this model makes {first}, {second}, {third}… frames.</source>
        <translation>已将 {typed} 改为 {now}：此模型可生成 {first}、{second}、{third}… 帧。</translation>
    </message>
    <message>
        <source>frames, {time}</source>
        <translation>帧，{time}</translation>
    </message>
</context>
<context>
    <name>CloudPage</name>
    <message>
        <source>This month: {money} for {pictures}.</source>
        <translation>本月：{pictures}，共 {money}。</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>Its model is not on this machine.</source>
        <translation>它的模型不在这台电脑上。</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已拷贝</translation>
    </message>
    <message>
        <source>About Sana Studio</source>
        <translation>关于 Sana Studio</translation>
    </message>
    <message>
        <source>Makes pictures with NVIDIA SANA on your own computer.</source>
        <translation>使用 NVIDIA SANA 在您自己的电脑上生成图片。</translation>
    </message>
</context>
<context>
    <name>CompactQuestion</name>
    <message>
        <source>Only the weights as MLX computes with them are kept, and the rest is deleted. Pictures in these bits stay the same; other precisions and PyTorch need the download again.</source>
        <translation>只保留 MLX 计算所用的权重，其余文件将被删除。用该精度生成的图片不变；其他精度和 PyTorch 需要重新下载。</translation>
    </message>
    <message>
        <source>Keep 4 bits (smallest)</source>
        <translation>保留 4 位（最小）</translation>
    </message>
    <message>
        <source>Keep 8 bits</source>
        <translation>保留 8 位</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>以后再说</translation>
    </message>
</context>
<context>
    <name>ControlField</name>
    <message>
        <source>Follow the edges of a picture</source>
        <translation>跟随图片的边缘</translation>
    </message>
    <message>
        <source>Follow a picture…</source>
        <translation>跟随图片…</translation>
    </message>
    <message>
        <source>Choose a picture, or drop or paste one here: its edges say where things stand.</source>
        <translation>选择图片，或将其拖放或粘贴到这里：它的边缘决定物体的位置。</translation>
    </message>
    <message>
        <source>Remove the picture to follow</source>
        <translation>移除要跟随的图片</translation>
    </message>
    <message>
        <source>ControlNet</source>
        <translation>ControlNet</translation>
    </message>
    <message>
        <source>Edges</source>
        <translation>边缘</translation>
    </message>
    <message>
        <source>Automatic finds the edges of a picture, and takes a drawing of lines as it is.</source>
        <translation>“自动”会查找图片的边缘；线稿则按原样使用。</translation>
    </message>
    <message>
        <source>How closely to follow the edges</source>
        <translation>跟随边缘的程度</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Find edges</source>
        <translation>查找边缘</translation>
    </message>
    <message>
        <source>As it is</source>
        <translation>按原样</translation>
    </message>
    <message>
        <source>Choose a ControlNet</source>
        <translation>选择 ControlNet</translation>
    </message>
    <message>
        <source>Other folder…</source>
        <translation>其他文件夹…</translation>
    </message>
    <message>
        <source>The folder of a ControlNet</source>
        <translation>ControlNet 的文件夹</translation>
    </message>
    <message>
        <source>Follow a picture</source>
        <translation>跟随图片</translation>
    </message>
</context>
<context>
    <name>CountField</name>
    <message>
        <source>One less</source>
        <translation>减一</translation>
    </message>
    <message>
        <source>One more</source>
        <translation>加一</translation>
    </message>
</context>
<context>
    <name>Deletions</name>
    <message>
        <source>Undo Delete of 1 Picture</source>
        <translation>撤销删除 1 张图片</translation>
    </message>
    <message>
        <source>Undo Delete of 1 Clip</source>
        <translation>撤销删除 1 段视频</translation>
    </message>
    <message>
        <source>Undo Delete of {n} Items</source>
        <translation>撤销删除 {n} 项</translation>
    </message>
    <message>
        <source>Undo Delete of {n} Pictures</source>
        <translation>撤销删除 {n} 张图片</translation>
    </message>
    <message>
        <source>Undo Delete of {n} Clips</source>
        <translation>撤销删除 {n} 段视频</translation>
    </message>
    <message>
        <source>Deleting {pictures}: {n} %</source>
        <translation>正在删除 {pictures}：{n}%</translation>
    </message>
    <message>
        <source>Bringing back {pictures}: {n} %</source>
        <translation>正在恢复 {pictures}：{n}%</translation>
    </message>
    <message>
        <source>{pictures} deleted</source>
        <translation>已删除 {pictures}</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>DesktopPresence</name>
    <message>
        <source>Closing only put the window aside, because pictures were still being made.</source>
        <translation>图片还在生成，因此关闭只是把窗口收起。</translation>
    </message>
    <message>
        <source>Quit Now</source>
        <translation>立即退出</translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) ready</source>
        <translation>
            <numerusform>%n 张图片已完成</numerusform>
        </translation>
    </message>
    <message>
        <source>1 clip ready</source>
        <translation>1 段视频已完成</translation>
    </message>
    <message>
        <source>{n} clips ready</source>
        <translation>{n} 段视频已完成</translation>
    </message>
    <message>
        <source>A picture could not be made</source>
        <translation>有图片未能生成</translation>
    </message>
    <message>
        <source>A clip could not be made</source>
        <translation>有一段视频未能生成</translation>
    </message>
</context>
<context>
    <name>EdgePreview</name>
    <message>
        <source>The edges that are followed</source>
        <translation>所跟随的边缘</translation>
    </message>
</context>
<context>
    <name>EmptyState</name>
    <message>
        <source>What would you like to see?</source>
        <translation>您想看到什么？</translation>
    </message>
    <message>
        <source>No pictures</source>
        <translation>没有图片</translation>
    </message>
    <message>
        <source>Describe it on the left and press Generate. Three ways to begin:</source>
        <translation>在左侧描述它，然后按“生成”。三种开始方式：</translation>
    </message>
    <message>
        <source>Describe it on the left and press Generate, or try one of these:</source>
        <translation>请在左侧描述，然后点按“生成”，或试试下面的例子：</translation>
    </message>
    <message>
        <source>Describe it on the left and press Generate.</source>
        <translation>请在左侧描述，然后点按“生成”。</translation>
    </message>
    <message>
        <source>Example: {prompt}</source>
        <translation>示例：{prompt}</translation>
    </message>
</context>
<context>
    <name>EndpointForm</name>
    <message>
        <source>Put in the ready-made one</source>
        <translation>填入现成的模板</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Or a variable that holds it</source>
        <translation>或保存密钥的环境变量</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Price of a picture in US dollars</source>
        <translation>每张图片的价格（美元）</translation>
    </message>
    <message>
        <source>What is sent</source>
        <translation>发送的内容</translation>
    </message>
    <message>
        <source>the server&apos;s own</source>
        <translation>服务器自己的</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>the ready-made one</source>
        <translation>现成的模板</translation>
    </message>
    <message>
        <source>Leave it empty where none is needed</source>
        <translation>不需要时留空</translation>
    </message>
    <message>
        <source>Paste another key to replace it</source>
        <translation>粘贴另一个密钥以替换</translation>
    </message>
    <message>
        <source>The ready-made one for worker-comfyui is sent.</source>
        <translation>发送用于 worker-comfyui 的现成模板。</translation>
    </message>
    <message>
        <source>This can be sent.</source>
        <translation>可以发送。</translation>
    </message>
</context>
<context>
    <name>EndpointRow</name>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation>编辑…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Really remove it?</source>
        <translation>确定移除？</translation>
    </message>
    <message>
        <source>Test {name}</source>
        <translation>测试 {name}</translation>
    </message>
    <message>
        <source>Edit {name}</source>
        <translation>编辑 {name}</translation>
    </message>
    <message>
        <source>Remove {name}</source>
        <translation>移除 {name}</translation>
    </message>
    <message>
        <source>Asks it something that costs nothing.</source>
        <translation>向它询问一件不花钱的事。</translation>
    </message>
    <message>
        <source>Asking {name}…</source>
        <translation>正在询问 {name}…</translation>
    </message>
    <message>
        <source>{money} a picture</source>
        <translation>每张 {money}</translation>
    </message>
    <message>
        <source>Its key comes from the variable {name}.</source>
        <translation>密钥来自环境变量 {name}。</translation>
    </message>
    <message>
        <source>Its key comes from the variable {name}, which is not set.</source>
        <translation>密钥应来自环境变量 {name}，但它尚未设置。</translation>
    </message>
    <message>
        <source>Its key is in the keychain.</source>
        <translation>密钥在钥匙串中。</translation>
    </message>
    <message>
        <source>Its key is kept until you quit.</source>
        <translation>密钥会保留到您退出为止。</translation>
    </message>
    <message>
        <source>It has no key.</source>
        <translation>没有密钥。</translation>
    </message>
</context>
<context>
    <name>EndpointsPage</name>
    <message>
        <source>Add an endpoint…</source>
        <translation>添加端点…</translation>
    </message>
    <message>
        <source>Endpoints of your own</source>
        <translation>自己的端点</translation>
    </message>
    <message>
        <source>A server that you run or rent makes the pictures: on Modal, RunPod, fal, Hugging Face or a computer of your own. Prompts and start pictures are sent to it.</source>
        <translation>由您运行或租用的服务器生成图片：Modal、RunPod、fal、Hugging Face 或您自己的电脑。提示词和起始图片会发送到那里。</translation>
    </message>
    <message>
        <source>There is none yet.</source>
        <translation>还没有。</translation>
    </message>
</context>
<context>
    <name>EnlargeCommands</name>
    <message>
        <source>{n}×, {name}</source>
        <translation>{n}×，{name}</translation>
    </message>
    <message>
        <source>Added to the queue</source>
        <translation>已加入队列</translation>
    </message>
</context>
<context>
    <name>Exploring</name>
    <message>
        <source>Between Two Pictures</source>
        <translation>两张图片之间</translation>
    </message>
    <message>
        <source>Pictures between the two:</source>
        <translation>两者之间的图片数：</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>{pictures} · about {time}</source>
        <translation>{pictures} · 约 {time}</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>As it is</source>
        <translation>保持原样</translation>
    </message>
    <message>
        <source>This frame as PNG</source>
        <translation>此帧（PNG）</translation>
    </message>
    <message>
        <source>One frame as PNG</source>
        <translation>其中一帧（PNG）</translation>
    </message>
    <message>
        <source>Include the prompt and the settings</source>
        <translation>包含提示词和设置</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>What was made here always says that a model made it.</source>
        <translation>在这里生成的内容始终会注明由模型生成。</translation>
    </message>
</context>
<context>
    <name>FilesList</name>
    <message>
        <source>Open the folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Added: {names}</source>
        <translation>已添加：{names}</translation>
    </message>
</context>
<context>
    <name>FilterPopover</name>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Rating</source>
        <translation>评分</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Made by</source>
        <translation>生成方式</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>尺寸</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
</context>
<context>
    <name>FilteredLine</name>
    <message>
        <source>Clear the filter</source>
        <translation>清除筛选</translation>
    </message>
    <message>
        <source>Filtered: {pictures}</source>
        <translation>已筛选：{pictures}</translation>
    </message>
</context>
<context>
    <name>FirstRun</name>
    <message>
        <source>A small model that came with the app: simple drawn scenes, at once and without a download.</source>
        <translation>随应用附带的小模型：可立即绘制简单的画面，无需下载。</translation>
    </message>
    <message>
        <source>Try the starter</source>
        <translation>试用入门模型</translation>
    </message>
    <message>
        <source>Ways to make pictures</source>
        <translation>生成图片的方式</translation>
    </message>
    <message>
        <source>Try it</source>
        <translation>试用</translation>
    </message>
    <message>
        <source>Get Sana on this Mac</source>
        <translation>在这台 Mac 上安装 Sana</translation>
    </message>
    <message>
        <source>Get Sana on this computer</source>
        <translation>在这台电脑上安装 Sana</translation>
    </message>
    <message>
        <source>The full models need more memory than there is here: 8 GB or more.</source>
        <translation>完整模型需要的内存超过本机所有：至少 8 GB。</translation>
    </message>
    <message>
        <source>Makes anything you describe. It runs here, and your prompts stay here.</source>
        <translation>可以生成您描述的任何内容。它在本机运行，提示词也留在本机。</translation>
    </message>
    <message>
        <source>Use it</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>All models…</source>
        <translation>所有模型…</translation>
    </message>
    <message>
        <source>Use the cloud</source>
        <translation>使用云端</translation>
    </message>
    <message>
        <source>Nothing to download: Replicate makes it in seconds, for about one cent a picture. It needs a key, and your prompts are sent there.</source>
        <translation>无需下载：由 Replicate 在几秒内生成，每张图片约一美分。需要密钥，提示词会发送到那里。</translation>
    </message>
    <message>
        <source>Enter a key…</source>
        <translation>输入密钥…</translation>
    </message>
</context>
<context>
    <name>Footer</name>
    <message>
        <source>What the pictures will take</source>
        <translation>预计耗费</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>Draft</source>
        <translation>草稿</translation>
    </message>
    <message>
        <source>Generate a clip</source>
        <translation>生成视频</translation>
    </message>
    <message>
        <source>Generate {n} clips</source>
        <translation>生成 {n} 段视频</translation>
    </message>
    <message>
        <source>A short clip first, to see whether it is worth the time. It can be made whole afterwards.</source>
        <translation>先生成一小段，看看是否值得花这些时间。之后可以补成完整视频。</translation>
    </message>
</context>
<context>
    <name>GalleryHeader</name>
    <message>
        <source>Toolbar</source>
        <translation>工具栏</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Favourites</source>
        <translation>收藏</translation>
    </message>
    <message>
        <source>Which pictures</source>
        <translation>显示哪些图片</translation>
    </message>
    <message>
        <source>Show or hide the albums</source>
        <translation>显示或隐藏相册</translation>
    </message>
    <message>
        <source>Sort</source>
        <translation>排序</translation>
    </message>
    <message>
        <source>Search the pictures</source>
        <translation>搜索图片</translation>
    </message>
    <message>
        <source>Search pictures</source>
        <translation>搜索图片</translation>
    </message>
    <message>
        <source>Hide the panel</source>
        <translation>隐藏面板</translation>
    </message>
    <message>
        <source>Show the panel</source>
        <translation>显示面板</translation>
    </message>
    <message>
        <source>Hide the details</source>
        <translation>隐藏详细信息</translation>
    </message>
    <message>
        <source>Show the details</source>
        <translation>显示详细信息</translation>
    </message>
    <message>
        <source>Filter (some pictures are hidden)</source>
        <translation>筛选（部分图片已隐藏）</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
</context>
<context>
    <name>GalleryPage</name>
    <message>
        <source>No pictures found</source>
        <translation>没有找到图片</translation>
    </message>
    <message>
        <source>Nothing matches “{text}”.</source>
        <translation>没有与“{text}”相符的图片。</translation>
    </message>
    <message>
        <source>Show all pictures</source>
        <translation>显示所有图片</translation>
    </message>
    <message>
        <source>The filters leave none.</source>
        <translation>没有符合筛选条件的图片。</translation>
    </message>
    <message>
        <source>This album is empty</source>
        <translation>此相册是空的</translation>
    </message>
    <message>
        <source>Show all pictures, and drag some onto its name.</source>
        <translation>显示所有图片，然后将图片拖到相册名称上。</translation>
    </message>
    <message>
        <source>No favourites yet</source>
        <translation>还没有收藏</translation>
    </message>
    <message>
        <source>Press the star on a picture to find it here again.</source>
        <translation>点按图片上的星标，就能在这里再次找到它。</translation>
    </message>
</context>
<context>
    <name>GalleryView</name>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
</context>
<context>
    <name>GridDialog</name>
    <message>
        <source>Make a Grid</source>
        <translation>制作网格</translation>
    </message>
    <message>
        <source>Make the Grid</source>
        <translation>制作网格</translation>
    </message>
    <message>
        <source>Across</source>
        <translation>横向</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>纵向</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>取值</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>One picture for each pair of values, and a sheet of them all. Separate values with commas, or write a range with a step: 4-20:4</source>
        <translation>每对取值一张图片，并汇成一张总图。取值用逗号分隔，或写带步长的范围：4-20:4</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>无</translation>
    </message>
</context>
<context>
    <name>HeadersEditor</name>
    <message>
        <source>Headers for a proxy</source>
        <translation>代理的请求头</translation>
    </message>
    <message>
        <source>Headers come from the environment variable {name}: {names}.</source>
        <translation>请求头来自环境变量 {name}：{names}。</translation>
    </message>
    <message>
        <source>In the keychain: {names}.</source>
        <translation>保存在钥匙串中：{names}。</translation>
    </message>
    <message>
        <source>Kept until you quit: {names}.</source>
        <translation>保留到您退出应用为止：{names}。</translation>
    </message>
    <message>
        <source>Kept until you quit, as there is no keychain on this computer: {names}.</source>
        <translation>这台电脑上没有钥匙串，将保留到您退出应用为止：{names}。</translation>
    </message>
    <message>
        <source>Only needed if a proxy in front of the server asks who you are.</source>
        <translation>仅当服务器前的代理需要验证身份时才需要。</translation>
    </message>
    <message>
        <source>There is no keychain on this computer: they are kept until you quit.</source>
        <translation>这台电脑上没有钥匙串：将保留到您退出应用为止。</translation>
    </message>
    <message>
        <source>Add another header</source>
        <translation>添加另一个请求头</translation>
    </message>
    <message>
        <source>The header is kept until you quit.</source>
        <translation>请求头将保留到您退出应用为止。</translation>
    </message>
    <message>
        <source>The header is saved.</source>
        <translation>请求头已保存。</translation>
    </message>
    <message>
        <source>All headers are removed.</source>
        <translation>所有请求头均已移除。</translation>
    </message>
</context>
<context>
    <name>HelpDialog</name>
    <message>
        <source>Help</source>
        <translation>帮助</translation>
    </message>
    <message>
        <source>First Steps</source>
        <translation>入门</translation>
    </message>
    <message>
        <source>Keyboard Shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>1. Say what you would like to see</source>
        <translation>1. 说出您想看到什么</translation>
    </message>
    <message>
        <source>Type it into Prompt: what it is, where it is, in what light and in which style. English works with every model, Chinese with most.</source>
        <translation>在“提示词”中输入：是什么、在哪里、什么样的光线、什么样的风格。所有模型都支持英文，多数模型支持中文。</translation>
    </message>
    <message>
        <source>2. Choose a model</source>
        <translation>2. 选择模型</translation>
    </message>
    <message>
        <source>Starter comes with the app and makes small, simple scenes from a few words that it knows. The Models page of {settings} has others that make anything you describe; each is downloaded once.</source>
        <translation>Starter 随应用附带，用它认识的少量词语生成简单的小场景。{settings}的“模型”页面中还有其他模型，可以生成您描述的任何内容；每个只需下载一次。</translation>
    </message>
    <message>
        <source>3. Generate</source>
        <translation>3. 生成</translation>
    </message>
    <message>
        <source>Press Generate, or {keys}. You see the picture while it is made. Go on typing: what you ask for meanwhile waits its turn.</source>
        <translation>点“生成”或按 {keys}。图片生成时就能看到。您可以继续输入：新的任务会排队等候。</translation>
    </message>
    <message>
        <source>4. Keep what you like</source>
        <translation>4. 留下喜欢的图片</translation>
    </message>
    <message>
        <source>Double-click a picture to see it large; its star makes it a favourite. Each picture remembers its prompt and settings: {use} brings them back, {vary} makes another one like it. Drop a picture file on the window to read its settings.</source>
        <translation>双击图片可放大查看，点星标可加入收藏。每张图片都记得自己的提示词和设置：{use}可将其取回，{vary}可再生成一张类似的图片。把图片文件拖到窗口上，即可读取其中的设置。</translation>
    </message>
    <message>
        <source>5. Find them again</source>
        <translation>5. 找到您的图片</translation>
    </message>
    <message>
        <source>Pictures are ordinary files: {folder} shows them. They are made on this computer, and nothing leaves it unless you choose a cloud or another server in “Runs on”.</source>
        <translation>图片是普通文件：{folder} 可以显示它们。它们在这台电脑上生成，除非您在“运行于”中选择云端或其他服务器，否则任何内容都不会离开这台电脑。</translation>
    </message>
    <message>
        <source>Comparing side by side</source>
        <translation>并排比较</translation>
    </message>
    <message>
        <source>Sana Studio makes pictures from words.</source>
        <translation>Sana Studio 用文字生成图片。</translation>
    </message>
    <message>
        <source>Zoom in or out</source>
        <translation>放大或缩小</translation>
    </message>
    <message>
        <source>Fit the window, or its own pixels</source>
        <translation>适合窗口，或原始像素</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>View it large</source>
        <translation>放大查看</translation>
    </message>
    <message>
        <source>Quick Look</source>
        <translation>快速查看</translation>
    </message>
    <message>
        <source>Among the pictures</source>
        <translation>在图片列表中</translation>
    </message>
    <message>
        <source>In the queue</source>
        <translation>在队列中</translation>
    </message>
    <message>
        <source>Next or previous job</source>
        <translation>下一个或上一个任务</translation>
    </message>
    <message>
        <source>Move the job up or down</source>
        <translation>上移或下移任务</translation>
    </message>
    <message>
        <source>Remove the job</source>
        <translation>移除任务</translation>
    </message>
    <message>
        <source>In the viewer</source>
        <translation>在查看器中</translation>
    </message>
    <message>
        <source>Next or previous picture</source>
        <translation>下一张或上一张图片</translation>
    </message>
    <message>
        <source>A clip in the viewer</source>
        <translation>查看器中的视频</translation>
    </message>
    <message>
        <source>Play or pause</source>
        <translation>播放或暂停</translation>
    </message>
    <message>
        <source>Previous or next frame</source>
        <translation>上一帧或下一帧</translation>
    </message>
    <message>
        <source>First or last frame</source>
        <translation>第一帧或最后一帧</translation>
    </message>
    <message>
        <source>Slower or faster</source>
        <translation>放慢或加快</translation>
    </message>
    <message>
        <source>Play it again and again</source>
        <translation>循环播放</translation>
    </message>
    <message>
        <source>Move all of them</source>
        <translation>移动所有图片</translation>
    </message>
    <message>
        <source>Comparing before and after</source>
        <translation>前后对比</translation>
    </message>
    <message>
        <source>Move the divider</source>
        <translation>移动分隔线</translation>
    </message>
    <message>
        <source>Show only one of them</source>
        <translation>只显示其中一张</translation>
    </message>
    <message>
        <source>Editing part of a picture</source>
        <translation>局部修改图片</translation>
    </message>
    <message>
        <source>Brush, eraser, lasso, rectangle</source>
        <translation>画笔、橡皮、套索、矩形</translation>
    </message>
    <message>
        <source>Smaller or larger brush</source>
        <translation>调小或调大画笔</translation>
    </message>
    <message>
        <source>Swap what changes and what stays</source>
        <translation>互换改动与保留的部分</translation>
    </message>
    <message>
        <source>Move the picture while it is held</source>
        <translation>按住时移动图片</translation>
    </message>
    <message>
        <source>Use this mask</source>
        <translation>使用此蒙版</translation>
    </message>
    <message>
        <source>Leave</source>
        <translation>离开</translation>
    </message>
    <message>
        <source>In the timeline</source>
        <translation>在时间线中</translation>
    </message>
    <message>
        <source>Next or previous month</source>
        <translation>下一个或上一个月</translation>
    </message>
</context>
<context>
    <name>HistoryButton</name>
    <message>
        <source>Earlier prompts and examples</source>
        <translation>以前的提示词与示例</translation>
    </message>
    <message>
        <source>Earlier prompts</source>
        <translation>以前的提示词</translation>
    </message>
    <message>
        <source>Examples</source>
        <translation>示例</translation>
    </message>
</context>
<context>
    <name>HistoryPopup</name>
    <message>
        <source>Search earlier prompts</source>
        <translation>搜索以前的提示词</translation>
    </message>
    <message>
        <source>Earlier prompts</source>
        <translation>以前的提示词</translation>
    </message>
    <message>
        <source>No prompt has these words</source>
        <translation>没有提示词包含这些词</translation>
    </message>
    <message>
        <source>No earlier prompts yet</source>
        <translation>还没有以前的提示词</translation>
    </message>
</context>
<context>
    <name>HubToken</name>
    <message>
        <source>Hugging Face token</source>
        <translation>Hugging Face 令牌</translation>
    </message>
    <message>
        <source>Paste your token here</source>
        <translation>在此粘贴您的令牌</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>A token comes from the environment variable {name}.</source>
        <translation>令牌来自环境变量 {name}。</translation>
    </message>
    <message>
        <source>A token is in the keychain.</source>
        <translation>令牌保存在钥匙串中。</translation>
    </message>
    <message>
        <source>A token is kept until you quit. There is no keychain here.</source>
        <translation>令牌将保留到您退出应用为止。本机没有钥匙串。</translation>
    </message>
    <message>
        <source>Only for models whose owner wants to know who downloads them. Make one at {link}.</source>
        <translation>仅用于所有者要求登记下载者的模型。可在 {link} 创建。</translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <source>About the picture</source>
        <translation>图片信息</translation>
    </message>
    <message>
        <source>Prompt of the picture</source>
        <translation>图片的提示词</translation>
    </message>
    <message>
        <source>{pictures} selected</source>
        <translation>已选择 {pictures}</translation>
    </message>
    <message>
        <source>Select a picture to see
how it was made.</source>
        <translation>选择一张图片，
即可查看它的生成方式。</translation>
    </message>
    <message>
        <source>Different prompts</source>
        <translation>提示词不同</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Made with {program}, whose settings cannot be read here.</source>
        <translation>由 {program} 生成，此处无法读取其设置。</translation>
    </message>
    <message>
        <source>This file does not say how it was made.</source>
        <translation>此文件没有生成信息。</translation>
    </message>
</context>
<context>
    <name>IntentButtons</name>
    <message>
        <source>Use settings</source>
        <translation>使用设置</translation>
    </message>
    <message>
        <source>Put all of this picture&apos;s settings into the panel</source>
        <translation>将此图片的全部设置填入面板</translation>
    </message>
    <message>
        <source>Vary</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>Make it again with another seed</source>
        <translation>换一个种子再生成一次</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>对比</translation>
    </message>
    <message>
        <source>Two to four pictures side by side</source>
        <translation>并排查看两到四张图片</translation>
    </message>
    <message>
        <source>Start from this</source>
        <translation>以此图开始</translation>
    </message>
    <message>
        <source>Make this the start picture of the next one</source>
        <translation>将此图作为下一张的起始图片</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Let the next clip begin where this one ends</source>
        <translation>让下一段视频从这一段的结尾开始</translation>
    </message>
    <message>
        <source>Make it whole</source>
        <translation>补成完整视频</translation>
    </message>
    <message>
        <source>Make the whole clip of this draft, with the same seed</source>
        <translation>用相同的种子把这个草稿生成为完整视频</translation>
    </message>
    <message>
        <source>Edit part…</source>
        <translation>局部修改…</translation>
    </message>
    <message>
        <source>Paint over what is to change, or make the picture larger</source>
        <translation>涂抹要改动的部分，或扩展画面</translation>
    </message>
    <message>
        <source>Enlarge</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Make a larger copy</source>
        <translation>制作放大的副本</translation>
    </message>
    <message>
        <source>Reveal</source>
        <translation>显示文件</translation>
    </message>
    <message>
        <source>Show the file in its folder</source>
        <translation>在文件夹中显示该文件</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Save a copy</source>
        <translation>保存副本</translation>
    </message>
    <message>
        <source>Favourite</source>
        <translation>收藏</translation>
    </message>
    <message>
        <source>Give the star, or take it</source>
        <translation>加上或取消星标</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Move to the trash; Undo brings it back</source>
        <translation>移到废纸篓；撤销即可恢复</translation>
    </message>
    <message>
        <source>Make its first frame the start picture of the next one</source>
        <translation>以它的首帧作为下一张的起始图片</translation>
    </message>
</context>
<context>
    <name>JobActions</name>
    <message>
        <source>Send to {host}</source>
        <translation>允许发送到 {host}</translation>
    </message>
    <message>
        <source>Added to the queue, which is paused.</source>
        <translation>已加入队列；队列目前暂停。</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Undo Removal of Jobs</source>
        <translation>撤销移除任务</translation>
    </message>
    <message>
        <source>1 job removed</source>
        <translation>已移除 1 个任务</translation>
    </message>
    <message>
        <source>{n} jobs removed</source>
        <translation>已移除 {n} 个任务</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>JobController</name>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>A job waits since the last time.</source>
        <translation>上次有一个任务尚未完成。</translation>
    </message>
    <message>
        <source>{n} jobs wait since the last time.</source>
        <translation>上次有 {n} 个任务尚未完成。</translation>
    </message>
    <message>
        <source>The end of the prompt was left out: “{text}”</source>
        <translation>提示词的末尾被略去：“{text}”</translation>
    </message>
    <message>
        <source>Choose folder…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Where new pictures are saved</source>
        <translation>新图片的保存位置</translation>
    </message>
</context>
<context>
    <name>JobList</name>
    <message>
        <source>Jobs</source>
        <translation>任务</translation>
    </message>
</context>
<context>
    <name>JobRow</name>
    <message>
        <source>Removed</source>
        <translation>已移除</translation>
    </message>
</context>
<context>
    <name>JobsPopover</name>
    <message>
        <source>Jobs</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Clear All</source>
        <translation>全部清除</translation>
    </message>
    <message>
        <source>Remove all jobs but the running one; Undo brings them back</source>
        <translation>移除正在运行的以外的所有任务；可以撤销</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>队列</translation>
    </message>
    <message>
        <source>Pausing after this picture</source>
        <translation>这张完成后暂停</translation>
    </message>
    <message>
        <source>Pausing after this step</source>
        <translation>本步完成后暂停</translation>
    </message>
    <message>
        <source>Queue paused</source>
        <translation>队列已暂停</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Pause after the present step; the clip goes on from there</source>
        <translation>在当前步骤后暂停；视频将从那里继续</translation>
    </message>
    <message>
        <source>Let the queue go on</source>
        <translation>让队列继续</translation>
    </message>
    <message>
        <source>Begin nothing more after the present picture</source>
        <translation>完成当前这张后不再开始新的</translation>
    </message>
</context>
<context>
    <name>KeyEditor</name>
    <message>
        <source>{name} key</source>
        <translation>{name} 密钥</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>The key is kept until you quit.</source>
        <translation>密钥将保留到您退出应用为止。</translation>
    </message>
    <message>
        <source>The key is saved.</source>
        <translation>密钥已保存。</translation>
    </message>
    <message>
        <source>Asking {name}…</source>
        <translation>正在询问 {name}…</translation>
    </message>
    <message>
        <source>The key works. It belongs to {account}.</source>
        <translation>密钥有效，属于账户 {account}。</translation>
    </message>
    <message>
        <source>The key is removed.</source>
        <translation>密钥已移除。</translation>
    </message>
    <message>
        <source>A key comes from the environment variable {name}. It goes before one that is saved here.</source>
        <translation>密钥来自环境变量 {name}。它优先于保存在此处的密钥。</translation>
    </message>
    <message>
        <source>A key is in the keychain.</source>
        <translation>钥匙串中有一个密钥。</translation>
    </message>
    <message>
        <source>A key is kept until you quit.</source>
        <translation>密钥将保留到您退出应用为止。</translation>
    </message>
    <message>
        <source>A key is kept until you quit: there is no keychain on this computer.</source>
        <translation>密钥将保留到您退出应用为止：这台电脑上没有钥匙串。</translation>
    </message>
    <message>
        <source>Without a key {name} is not used. Make one at {link}.</source>
        <translation>没有密钥就不会使用 {name}。请在 {link} 创建。</translation>
    </message>
    <message>
        <source>There is no keychain on this computer: it is kept until you quit.</source>
        <translation>这台电脑上没有钥匙串：将保留到您退出应用为止。</translation>
    </message>
    <message>
        <source>Paste another key to replace it</source>
        <translation>粘贴另一个密钥以替换它</translation>
    </message>
    <message>
        <source>Paste your key here</source>
        <translation>在此粘贴您的密钥</translation>
    </message>
</context>
<context>
    <name>Leaving</name>
    <message>
        <source>Send to {host}</source>
        <translation>允许发送到 {host}</translation>
    </message>
</context>
<context>
    <name>LineageLinks</name>
    <message>
        <source>{n} made from this</source>
        <translation>由它生成了 {n} 张</translation>
    </message>
    <message>
        <source>1 made from this</source>
        <translation>由它生成了 1 张</translation>
    </message>
    <message>
        <source>Made from {n} pictures</source>
        <translation>由 {n} 张图片生成</translation>
    </message>
    <message>
        <source>Enlarged from “{name}”</source>
        <translation>放大自“{name}”</translation>
    </message>
    <message>
        <source>Repaired from “{name}”</source>
        <translation>修复自“{name}”</translation>
    </message>
    <message>
        <source>Made from “{name}”</source>
        <translation>由“{name}”生成</translation>
    </message>
</context>
<context>
    <name>Links</name>
    <message>
        <source>A link asks for “{prompt}”. Generate it?</source>
        <translation>一个链接请求生成“{prompt}”。要生成吗？</translation>
    </message>
    <message>
        <source>A link asks for “{prompt}” with a model that is not on this machine. Generate it?</source>
        <translation>一个链接请求用本机没有的模型生成“{prompt}”。要生成吗？</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>生成</translation>
    </message>
</context>
<context>
    <name>LongText</name>
    <message>
        <source>Show less</source>
        <translation>收起</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>显示全部</translation>
    </message>
</context>
<context>
    <name>LoraList</name>
    <message>
        <source>LoRAs</source>
        <translation>LoRA</translation>
    </message>
    <message>
        <source>Add a LoRA…</source>
        <translation>添加 LoRA…</translation>
    </message>
    <message>
        <source>A LoRA changes a model&apos;s style. Choose one, or drop its file here.</source>
        <translation>LoRA 会改变模型的风格。选择一个，或将文件拖到这里。</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>LoRAs (*.safetensors)</source>
        <translation>LoRA (*.safetensors)</translation>
    </message>
    <message>
        <source>Add a LoRA</source>
        <translation>添加 LoRA</translation>
    </message>
</context>
<context>
    <name>LoraRow</name>
    <message>
        <source>Remove the LoRA</source>
        <translation>移除 LoRA</translation>
    </message>
    <message>
        <source>Weight of {name}</source>
        <translation>{name} 的权重</translation>
    </message>
    <message>
        <source>Its words: {words}</source>
        <translation>触发词：{words}</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Added to the queue</source>
        <translation>已加入队列</translation>
    </message>
    <message>
        <source>A prompt has room for {n} characters. The rest was left out.</source>
        <translation>提示词最多 {n} 个字符，超出的部分已略去。</translation>
    </message>
    <message>
        <source>Read settings from a picture</source>
        <translation>从图片读取设置</translation>
    </message>
    <message>
        <source>Pictures and clips (*.png *.jpg *.jpeg *.webp *.gif *.mp4 *.mov)</source>
        <translation>图片和视频 (*.png *.jpg *.jpeg *.webp *.gif *.mp4 *.mov)</translation>
    </message>
</context>
<context>
    <name>MaskBar</name>
    <message>
        <source>Brush (B): paint over what is to change</source>
        <translation>画笔（B）：涂抹要改动的部分</translation>
    </message>
    <message>
        <source>Eraser (E): take back what was painted</source>
        <translation>橡皮（E）：擦去已涂抹的部分</translation>
    </message>
    <message>
        <source>Lasso (L): draw around what is to change; with Alt, around what stays</source>
        <translation>套索（L）：圈出要改动的部分；按住 Alt 则圈出要保留的部分</translation>
    </message>
    <message>
        <source>Rectangle (R): change all within it; with Alt, keep it</source>
        <translation>矩形（R）：框内全部改动；按住 Alt 则保留</translation>
    </message>
    <message>
        <source>Size of the brush in pixels</source>
        <translation>画笔大小（像素）</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>尺寸</translation>
    </message>
    <message>
        <source>Smaller and larger with [ and ]</source>
        <translation>用 [ 和 ] 调小或调大</translation>
    </message>
    <message>
        <source>Soft edge in pixels</source>
        <translation>边缘羽化（像素）</translation>
    </message>
    <message>
        <source>Soft edge</source>
        <translation>羽化</translation>
    </message>
    <message>
        <source>How gently what changes goes over into what stays</source>
        <translation>改动部分与保留部分之间的过渡有多柔和</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Swap what changes and what stays (I)</source>
        <translation>互换改动与保留的部分（I）</translation>
    </message>
    <message>
        <source>Remove all that was painted</source>
        <translation>清除全部涂抹</translation>
    </message>
    <message>
        <source>Leave (Esc); what was painted is kept</source>
        <translation>离开（Esc）；涂抹会保留</translation>
    </message>
</context>
<context>
    <name>MaskCanvas</name>
    <message>
        <source>Picture to paint on</source>
        <translation>可涂抹的图片</translation>
    </message>
    <message>
        <source>Drag to extend the picture</source>
        <translation>拖动以扩展画面</translation>
    </message>
</context>
<context>
    <name>MaskEditor</name>
    <message>
        <source>Edit part of a picture</source>
        <translation>局部修改图片</translation>
    </message>
    <message>
        <source>Paint over what is to change.</source>
        <translation>涂抹要改动的部分。</translation>
    </message>
    <message>
        <source>Extend the picture</source>
        <translation>扩展画面</translation>
    </message>
    <message>
        <source>Use this mask</source>
        <translation>使用此蒙版</translation>
    </message>
    <message>
        <source>Paint over what is to change, or drag an edge to extend the picture.</source>
        <translation>涂抹要改动的部分，或拖动边缘扩展画面。</translation>
    </message>
    <message>
        <source>{n} %</source>
        <translation>{n}%</translation>
    </message>
</context>
<context>
    <name>MaskFoot</name>
    <message>
        <source>Extend by</source>
        <translation>扩展</translation>
    </message>
    <message>
        <source>left</source>
        <translation>左</translation>
    </message>
    <message>
        <source>Extend on the left, in pixels</source>
        <translation>向左扩展的像素数</translation>
    </message>
    <message>
        <source>top</source>
        <translation>上</translation>
    </message>
    <message>
        <source>Extend at the top, in pixels</source>
        <translation>向上扩展的像素数</translation>
    </message>
    <message>
        <source>right</source>
        <translation>右</translation>
    </message>
    <message>
        <source>Extend on the right, in pixels</source>
        <translation>向右扩展的像素数</translation>
    </message>
    <message>
        <source>bottom</source>
        <translation>下</translation>
    </message>
    <message>
        <source>Extend at the bottom, in pixels</source>
        <translation>向下扩展的像素数</translation>
    </message>
    <message>
        <source>Work on details (hands, faces)</source>
        <translation>处理细节（手、脸）</translation>
    </message>
    <message>
        <source>What is painted over is enlarged, made anew by itself and put back.</source>
        <translation>涂抹的部分会被放大、单独重画，再放回原处。</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Read Settings from a Picture…</source>
        <translation>从图片读取设置…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Quick Look</source>
        <translation>快速查看</translation>
    </message>
    <message>
        <source>Hide the Albums</source>
        <translation>隐藏相册</translation>
    </message>
    <message>
        <source>Show the Albums</source>
        <translation>显示相册</translation>
    </message>
    <message>
        <source>Hide the Panel</source>
        <translation>隐藏面板</translation>
    </message>
    <message>
        <source>Show the Panel</source>
        <translation>显示面板</translation>
    </message>
    <message>
        <source>Hide the Details</source>
        <translation>隐藏详细信息</translation>
    </message>
    <message>
        <source>Show the Details</source>
        <translation>显示详细信息</translation>
    </message>
    <message>
        <source>Enlarge</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>2×, Faithful</source>
        <translation>2 倍，忠实原图</translation>
    </message>
    <message>
        <source>4×, Faithful</source>
        <translation>4 倍，忠实原图</translation>
    </message>
    <message>
        <source>2×, More Detail</source>
        <translation>2 倍，更多细节</translation>
    </message>
    <message>
        <source>4×, More Detail</source>
        <translation>4 倍，更多细节</translation>
    </message>
    <message>
        <source>2×, Refined by the Model</source>
        <translation>2 倍，由模型细化</translation>
    </message>
    <message>
        <source>4×, Refined by the Model</source>
        <translation>4 倍，由模型细化</translation>
    </message>
    <message>
        <source>Show in Finder</source>
        <translation>在访达中显示</translation>
    </message>
    <message>
        <source>Show in Folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Open the Pictures Folder</source>
        <translation>打开图片文件夹</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>设置…</translation>
    </message>
    <message>
        <source>Close Window</source>
        <translation>关闭窗口</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Share…</source>
        <translation>共享…</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>剪切</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>拷贝</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>粘贴</translation>
    </message>
    <message>
        <source>Select All</source>
        <translation>全选</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>查找</translation>
    </message>
    <message>
        <source>View</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>All Pictures</source>
        <translation>所有图片</translation>
    </message>
    <message>
        <source>Favourites</source>
        <translation>收藏</translation>
    </message>
    <message>
        <source>New Album</source>
        <translation>新建相册</translation>
    </message>
    <message>
        <source>Show Subfolders</source>
        <translation>显示子文件夹</translation>
    </message>
    <message>
        <source>Clear All Filters</source>
        <translation>清除所有筛选</translation>
    </message>
    <message>
        <source>Larger Thumbnails</source>
        <translation>放大缩略图</translation>
    </message>
    <message>
        <source>Smaller Thumbnails</source>
        <translation>缩小缩略图</translation>
    </message>
    <message>
        <source>Show the Queue</source>
        <translation>显示队列</translation>
    </message>
    <message>
        <source>Full Screen</source>
        <translation>全屏幕</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>Make a Grid…</source>
        <translation>制作网格…</translation>
    </message>
    <message>
        <source>Cancel the Running Job</source>
        <translation>取消正在进行的任务</translation>
    </message>
    <message>
        <source>Resume the Queue</source>
        <translation>继续队列</translation>
    </message>
    <message>
        <source>Pause the Queue</source>
        <translation>暂停队列</translation>
    </message>
    <message>
        <source>Clear the Queue</source>
        <translation>清空队列</translation>
    </message>
    <message>
        <source>View Large</source>
        <translation>查看大图</translation>
    </message>
    <message>
        <source>Compare Side by Side</source>
        <translation>并排比较</translation>
    </message>
    <message>
        <source>Compare Before and After</source>
        <translation>对比前后</translation>
    </message>
    <message>
        <source>Use Its Settings</source>
        <translation>使用它的设置</translation>
    </message>
    <message>
        <source>Vary</source>
        <translation>再来一张</translation>
    </message>
    <message>
        <source>Make Variations</source>
        <translation>生成变化图</translation>
    </message>
    <message>
        <source>Pictures Between Two…</source>
        <translation>两图之间的过渡…</translation>
    </message>
    <message>
        <source>Use What Was Typed</source>
        <translation>使用当时输入的内容</translation>
    </message>
    <message>
        <source>Make a Clip from It</source>
        <translation>用它生成视频</translation>
    </message>
    <message>
        <source>Continue from Its Last Frame</source>
        <translation>从最后一帧继续</translation>
    </message>
    <message>
        <source>Make It Whole</source>
        <translation>补成完整视频</translation>
    </message>
    <message>
        <source>Start from This Frame</source>
        <translation>从此帧开始</translation>
    </message>
    <message>
        <source>Start from Its First Frame</source>
        <translation>从首帧开始</translation>
    </message>
    <message>
        <source>Start from It</source>
        <translation>以此图开始</translation>
    </message>
    <message>
        <source>Edit Part of It…</source>
        <translation>局部修改…</translation>
    </message>
    <message>
        <source>Favourite</source>
        <translation>收藏</translation>
    </message>
    <message>
        <source>Rating</source>
        <translation>评分</translation>
    </message>
    <message>
        <source>Add to Album</source>
        <translation>添加到相册</translation>
    </message>
    <message>
        <source>Remove from Album</source>
        <translation>从相册移除</translation>
    </message>
    <message>
        <source>Copy Its Prompt</source>
        <translation>拷贝提示词</translation>
    </message>
    <message>
        <source>Copy Its Settings</source>
        <translation>拷贝设置</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>Minimize</source>
        <translation>最小化</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>帮助</translation>
    </message>
    <message>
        <source>Sana Studio Help</source>
        <translation>Sana Studio 帮助</translation>
    </message>
    <message>
        <source>Keyboard Shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Open the Log Folder</source>
        <translation>打开日志文件夹</translation>
    </message>
    <message>
        <source>Check for Updates…</source>
        <translation>检查更新…</translation>
    </message>
    <message>
        <source>About Sana Studio</source>
        <translation>关于 Sana Studio</translation>
    </message>
    <message>
        <source>{n} of 5 Stars</source>
        <translation>{n} 星（共 5 星）</translation>
    </message>
    <message>
        <source>No Rating</source>
        <translation>无评分</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>关闭此消息</translation>
    </message>
</context>
<context>
    <name>Messages</name>
    <message>
        <source>the picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>it gave no reason.</source>
        <translation>未说明原因。</translation>
    </message>
    <message>
        <source>The prompt is empty.</source>
        <translation>提示词是空的。</translation>
    </message>
    <message>
        <source>Type what you would like to see.</source>
        <translation>请输入您想看到的内容。</translation>
    </message>
    <message>
        <source>Remove the start picture.</source>
        <translation>请移除起始图片。</translation>
    </message>
    <message>
        <source>A mask needs a start picture and a model that takes one.</source>
        <translation>使用蒙版需要起始图片，以及支持蒙版的模型。</translation>
    </message>
    <message>
        <source>Remove the mask.</source>
        <translation>请移除蒙版。</translation>
    </message>
    <message>
        <source>Choose more than 0, at most 1.</source>
        <translation>请选择大于 0、不超过 1 的值。</translation>
    </message>
    <message>
        <source>the prompt embedding</source>
        <translation>提示词的嵌入</translation>
    </message>
    <message>
        <source>Choose a SANA checkpoint in diffusers layout: a folder with model_index.json in it.</source>
        <translation>请选择 diffusers 格式的 SANA 检查点：其中含有 model_index.json 的文件夹。</translation>
    </message>
    <message>
        <source>Choose the folder of a checkpoint.</source>
        <translation>请选择检查点所在的文件夹。</translation>
    </message>
    <message>
        <source>an unknown model</source>
        <translation>未知模型</translation>
    </message>
    <message>
        <source>Use the full checkpoint; it can be made smaller when it is loaded.</source>
        <translation>请使用完整的检查点；载入时可以将其缩小。</translation>
    </message>
    <message>
        <source>Look for a newer version of the app; this model&apos;s files have changed.</source>
        <translation>请检查应用是否有新版本；此模型的文件已有变动。</translation>
    </message>
    <message>
        <source>Choose a model whose weights are safetensors files.</source>
        <translation>请选择权重为 safetensors 文件的模型。</translation>
    </message>
    <message>
        <source>Try again later, or choose another address under “Download models from” in Settings.</source>
        <translation>请稍后重试，或在“设置”的“模型下载地址”中换一个地址。</translation>
    </message>
    <message>
        <source>No picture can be saved</source>
        <translation>无法保存图片</translation>
    </message>
    <message>
        <source>Allow writing to it, or choose another folder.</source>
        <translation>请允许写入该文件夹，或选择其他文件夹。</translation>
    </message>
    <message>
        <source>Choose another folder.</source>
        <translation>请选择其他文件夹。</translation>
    </message>
    <message>
        <source>Check the disk, or choose another folder.</source>
        <translation>请检查磁盘，或选择其他文件夹。</translation>
    </message>
    <message>
        <source>The favourite could not be saved</source>
        <translation>无法保存收藏</translation>
    </message>
    <message>
        <source>Allow reading it, or choose another folder in Settings.</source>
        <translation>请允许读取，或在“设置”中选择其他文件夹。</translation>
    </message>
    <message>
        <source>Another program is downloading this model.</source>
        <translation>另一个程序正在下载此模型。</translation>
    </message>
    <message>
        <source>Wait until it is done, then try again.</source>
        <translation>请等它完成后再试。</translation>
    </message>
    <message>
        <source>Check the connection and continue; what has arrived is kept.</source>
        <translation>请检查网络连接后继续；已下载的内容会保留。</translation>
    </message>
    <message>
        <source>Check the connection and “Download models from” in Settings; what has arrived is kept.</source>
        <translation>请检查网络连接和“设置”中的“模型下载地址”；已下载的内容会保留。</translation>
    </message>
    <message>
        <source>The model could not be saved</source>
        <translation>无法保存模型</translation>
    </message>
    <message>
        <source>Check “Download models from” in Settings, or look for a newer version of the app.</source>
        <translation>请检查“设置”中的“模型下载地址”，或检查应用是否有新版本。</translation>
    </message>
    <message>
        <source>Wait some minutes, then continue; what has arrived is kept.</source>
        <translation>请等几分钟再继续；已下载的内容会保留。</translation>
    </message>
    <message>
        <source>Try again later; what has arrived is kept.</source>
        <translation>请稍后重试；已下载的内容会保留。</translation>
    </message>
    <message>
        <source>Check “Download models from” in Settings.</source>
        <translation>请检查“设置”中的“模型下载地址”。</translation>
    </message>
    <message>
        <source>The picture could not be saved</source>
        <translation>无法保存图片</translation>
    </message>
    <message>
        <source>The picture or its prompt is too large for this format.</source>
        <translation>图片或其提示词对这种格式来说太大。</translation>
    </message>
    <message>
        <source>The mask is black all over, so nothing would change.</source>
        <translation>蒙版全黑，因此不会有任何变化。</translation>
    </message>
    <message>
        <source>Nothing on this computer can make this picture.</source>
        <translation>这台电脑无法生成这张图片。</translation>
    </message>
    <message>
        <source>This needs {needed} of memory; {limit} may be used here.</source>
        <translation>这需要 {needed} 内存；此处可用 {limit}。</translation>
    </message>
    <message>
        <source>Testing {name} needs {needed} of memory; {limit} may be used here.</source>
        <translation>测试 {name} 需要 {needed} 内存；此处可用 {limit}。</translation>
    </message>
    <message>
        <source>The self-test&apos;s references in {path} cannot be used.</source>
        <translation>{path} 中的自检参考数据无法使用。</translation>
    </message>
    <message>
        <source>Something went wrong inside the app.</source>
        <translation>应用内部出错。</translation>
    </message>
    <message>
        <source>The program that makes the pictures stopped unexpectedly.</source>
        <translation>生成图片的程序意外停止。</translation>
    </message>
    <message>
        <source>The program that makes the pictures was ended, perhaps because memory ran out.</source>
        <translation>生成图片的程序被终止，可能是内存不足。</translation>
    </message>
    <message>
        <source>{name} needs {needed} on the disk, but only {free} is free.</source>
        <translation>{name} 需要 {needed} 磁盘空间，但仅剩 {free}。</translation>
    </message>
    <message>
        <source>Choose a name that ends in .png.</source>
        <translation>请使用以 .png 结尾的名称。</translation>
    </message>
    <message>
        <source>Use a copy without it.</source>
        <translation>请使用不含这些文本的副本。</translation>
    </message>
    <message>
        <source>Use a smaller copy of it.</source>
        <translation>请使用较小的副本。</translation>
    </message>
    <message>
        <source>It was moved or deleted, or the name is mistyped.</source>
        <translation>它已被移动或删除，或者名称有误。</translation>
    </message>
    <message>
        <source>Allow reading it, or use a copy.</source>
        <translation>请允许读取，或使用副本。</translation>
    </message>
    <message>
        <source>Choose a picture.</source>
        <translation>请选择一张图片。</translation>
    </message>
    <message>
        <source>Use a whole PNG, JPEG or WebP file.</source>
        <translation>请使用完整的 PNG、JPEG 或 WebP 文件。</translation>
    </message>
    <message>
        <source>Fetch or copy the picture again.</source>
        <translation>请重新获取或拷贝这张图片。</translation>
    </message>
    <message>
        <source>The licence could not be kept</source>
        <translation>无法保存许可</translation>
    </message>
    <message>
        <source>The app works offline, so nothing is downloaded.</source>
        <translation>应用正在离线工作，因此不会下载任何内容。</translation>
    </message>
    <message>
        <source>Switch off “Work offline” in Settings (or the variable HF_HUB_OFFLINE), then try again.</source>
        <translation>请在“设置”中关闭“离线工作”（或取消环境变量 HF_HUB_OFFLINE），然后重试。</translation>
    </message>
    <message>
        <source>The list of models could not be saved</source>
        <translation>无法保存模型列表</translation>
    </message>
    <message>
        <source>Install the app again.</source>
        <translation>请重新安装应用。</translation>
    </message>
    <message>
        <source>The keychain does not answer.</source>
        <translation>钥匙串没有响应。</translation>
    </message>
    <message>
        <source>The keychain is locked, or its use was refused.</source>
        <translation>钥匙串已锁定，或使用被拒绝。</translation>
    </message>
    <message>
        <source>The key is empty.</source>
        <translation>密钥是空的。</translation>
    </message>
    <message>
        <source>Paste the key from your account&apos;s page.</source>
        <translation>请粘贴您账户页面上的密钥。</translation>
    </message>
    <message>
        <source>This cannot be a key.</source>
        <translation>这不可能是密钥。</translation>
    </message>
    <message>
        <source>Paste the key alone, without other words or line breaks.</source>
        <translation>请只粘贴密钥本身，不要带其他文字或换行。</translation>
    </message>
    <message>
        <source>Unlock it and try again, keep the key for this session only, or set it as an environment variable.</source>
        <translation>请将其解锁后重试、仅本次使用时保留密钥，或将密钥设为环境变量。</translation>
    </message>
    <message>
        <source>Choose on or off.</source>
        <translation>请选择开或关。</translation>
    </message>
    <message>
        <source>Type a line of text.</source>
        <translation>请输入一行文本。</translation>
    </message>
    <message>
        <source>“{field}” cannot be {value}.</source>
        <translation>“{field}”不能为 {value}。</translation>
    </message>
    <message>
        <source>Precision with {name}</source>
        <translation>{name} 的精度</translation>
    </message>
    <message>
        <source>How exactly {name} computes. A lower precision needs less memory; the pictures differ slightly.</source>
        <translation>{name} 计算的精确程度。精度较低时所需内存较少，图片会略有不同。</translation>
    </message>
    <message>
        <source>Choose the model “{name}”.</source>
        <translation>请选择模型“{name}”。</translation>
    </message>
    <message>
        <source>Choose {changes}.</source>
        <translation>请选择 {changes}。</translation>
    </message>
    <message>
        <source>the precision “{precision}”</source>
        <translation>精度“{precision}”</translation>
    </message>
    <message>
        <source>{width} × {height} pixels</source>
        <translation>{width} × {height} 像素</translation>
    </message>
    <message>
        <source>There is no backend called “{backend}”.</source>
        <translation>没有名为“{backend}”的计算后端。</translation>
    </message>
    <message>
        <source>{name} cannot be used: {reason}</source>
        <translation>{name} 无法使用：{reason}</translation>
    </message>
    <message>
        <source>{name}: {reason}</source>
        <translation>{name}：{reason}</translation>
    </message>
    <message>
        <source>Testing {name} in {precision}</source>
        <translation>正在以 {precision} 测试 {name}</translation>
    </message>
    <message>
        <source>The computation broke off: {error}</source>
        <translation>计算中断：{error}</translation>
    </message>
    <message>
        <source>{name} cannot be tested: in float32 on the processor, {broken} breaks down.</source>
        <translation>无法测试 {name}：在处理器上以 float32 计算时，{broken} 出错。</translation>
    </message>
    <message>
        <source>A test picture is only {worst:.1f} dB from the reference.</source>
        <translation>测试图片与参考图片的信噪比只有 {worst:.1f} dB。</translation>
    </message>
    <message>
        <source>The weights are not those that the references were made with.</source>
        <translation>权重与制作参考数据时所用的不同。</translation>
    </message>
    <message>
        <source>The layer {layer} was not computed.</source>
        <translation>层 {layer} 没有被计算。</translation>
    </message>
    <message>
        <source>The layer {layer} gives values that are not numbers.</source>
        <translation>层 {layer} 的结果含有非数值。</translation>
    </message>
    <message>
        <source>The layer {layer} gives an output of another size.</source>
        <translation>层 {layer} 的输出尺寸不对。</translation>
    </message>
    <message>
        <source>The layer {layer} is off by {error:.2g} of its size.</source>
        <translation>层 {layer} 的相对误差达到 {error:.2g}。</translation>
    </message>
    <message>
        <source>No backend on this machine is ready.</source>
        <translation>这台电脑上没有可用的计算后端。</translation>
    </message>
    <message>
        <source>See: sana-studio doctor</source>
        <translation>请运行：sana-studio doctor</translation>
    </message>
    <message>
        <source>There is no keychain to keep the key in.</source>
        <translation>没有可以保存密钥的钥匙串。</translation>
    </message>
    <message>
        <source>Set {variable} in the environment.</source>
        <translation>请设置环境变量 {variable}。</translation>
    </message>
    <message>
        <source>Run this in a terminal to be asked, or raise the limit in Settings, Cloud.</source>
        <translation>请在终端中运行以便确认，或在“设置”的“云端”中提高上限。</translation>
    </message>
    <message>
        <source>{name} does not compute on this machine.</source>
        <translation>{name} 不在这台电脑上计算。</translation>
    </message>
    <message>
        <source>The licence has not been accepted.</source>
        <translation>尚未接受许可协议。</translation>
    </message>
    <message>
        <source>Read it, then add --accept-licence.</source>
        <translation>请阅读许可协议，然后加上 --accept-licence。</translation>
    </message>
    <message>
        <source>Nothing was downloaded.</source>
        <translation>没有下载任何内容。</translation>
    </message>
    <message>
        <source>{width} × {height} does not fit {model}.</source>
        <translation>{model} 不能使用 {width} × {height} 的尺寸。</translation>
    </message>
    <message>
        <source>Sides must be multiples of {multiple} from {minimum:g} to {maximum:g} pixels; the nearest size is {best_width} × {best_height}.</source>
        <translation>边长必须是 {multiple} 的倍数，并在 {minimum:g} 到 {maximum:g} 像素之间；最接近的尺寸是 {best_width} × {best_height}。</translation>
    </message>
    <message>
        <source>{steps} steps do not fit {model}.</source>
        <translation>{model} 不能使用 {steps} 步。</translation>
    </message>
    <message>
        <source>Choose {minimum:g} to {maximum:g} steps.</source>
        <translation>请选择 {minimum:g} 到 {maximum:g} 步。</translation>
    </message>
    <message>
        <source>A guidance of {guidance:g} does not fit {model}.</source>
        <translation>{model} 不能使用引导强度 {guidance:g}。</translation>
    </message>
    <message>
        <source>Choose {minimum:g} to {maximum:g}.</source>
        <translation>请选择 {minimum:g} 到 {maximum:g}。</translation>
    </message>
    <message>
        <source>{model} does not work with the solver {solver}.</source>
        <translation>{model} 不能使用采样器{solver}。</translation>
    </message>
    <message>
        <source>The precision “{precision}” is not available here.</source>
        <translation>这里不能使用精度“{precision}”。</translation>
    </message>
    <message>
        <source>{count} pictures are not possible.</source>
        <translation>不能生成 {count} 张图片。</translation>
    </message>
    <message>
        <source>Choose 1 to {most}.</source>
        <translation>请选择 1 到 {most}。</translation>
    </message>
    <message>
        <source>The seed {seed} is out of range.</source>
        <translation>种子 {seed} 超出范围。</translation>
    </message>
    <message>
        <source>Choose 0 to {most}.</source>
        <translation>请选择 0 到 {most}。</translation>
    </message>
    <message>
        <source>{model} cannot start from a picture here.</source>
        <translation>{model} 在这里不能以图片为起点。</translation>
    </message>
    <message>
        <source>A strength of {strength:g} is out of range.</source>
        <translation>改变程度 {strength:g} 超出范围。</translation>
    </message>
    <message>
        <source>The prompt and any start picture are sent to Replicate, which charges for each picture.</source>
        <translation>提示词和起始图片（如有）会发送到 Replicate，每张图片都会收费。</translation>
    </message>
    <message>
        <source>A strength needs a start picture.</source>
        <translation>设置改变程度需要起始图片。</translation>
    </message>
    <message>
        <source>Name one with --init-image, or leave --strength out.</source>
        <translation>请用 --init-image 指定一张，或去掉 --strength。</translation>
    </message>
    <message>
        <source>A mask needs a start picture.</source>
        <translation>使用蒙版需要起始图片。</translation>
    </message>
    <message>
        <source>Name one with --init-image, or leave --mask out.</source>
        <translation>请用 --init-image 指定一张，或去掉 --mask。</translation>
    </message>
    <message>
        <source>Enlarged {factor} times with {name}.</source>
        <translation>已用 {name} 放大到 {factor} 倍。</translation>
    </message>
    <message>
        <source>“{name}” would get too large: {width} × {height} pixels.</source>
        <translation>“{name}”会变得过大：{width} × {height} 像素。</translation>
    </message>
    <message>
        <source>Connecting to {service}</source>
        <translation>正在连接 {service}</translation>
    </message>
    <message>
        <source>There is no key for {service}.</source>
        <translation>没有 {service} 的密钥。</translation>
    </message>
    <message>
        <source>The key for {service} contains characters that no key has.</source>
        <translation>{service} 的密钥中含有密钥不会有的字符。</translation>
    </message>
    <message>
        <source>Models and hardware of your choice, on a server or a service of your own.</source>
        <translation>在您自己的服务器或服务上使用您选择的模型和硬件。</translation>
    </message>
    <message>
        <source>What its provider asks; nothing on a server of yours.</source>
        <translation>按提供商收费；在您自己的服务器上免费。</translation>
    </message>
    <message>
        <source>Your endpoints</source>
        <translation>您的端点</translation>
    </message>
    <message>
        <source>None is set up.</source>
        <translation>尚未设置。</translation>
    </message>
    <message>
        <source>Add one in Settings, Endpoints, or with: sana-studio endpoints add</source>
        <translation>请在“设置”的“端点”页添加，或运行：sana-studio endpoints add</translation>
    </message>
    <message>
        <source>Prompts and start pictures are sent to {host}.</source>
        <translation>提示词和起始图片会发送到 {host}。</translation>
    </message>
    <message>
        <source>Look at the variable {variable}, which holds it.</source>
        <translation>请检查保存密钥的环境变量 {variable}。</translation>
    </message>
    <message>
        <source>{name} is not running at {address}.</source>
        <translation>{name} 没有在 {address} 运行。</translation>
    </message>
    <message>
        <source>Start it, or correct its address in Settings, Endpoints.</source>
        <translation>请启动它，或在“设置”的“端点”中更正其地址。</translation>
    </message>
    <message>
        <source>Check its address, whether it runs, and the connection.</source>
        <translation>请检查它的地址、它是否在运行，以及网络连接。</translation>
    </message>
    <message>
        <source>Pictures are still under way at {host}.</source>
        <translation>{host} 上还有图片正在生成。</translation>
    </message>
    <message>
        <source>Wait until they are here, or add the new address under another name.</source>
        <translation>请等它们取回后再更改，或者用另一个名称添加新地址。</translation>
    </message>
    <message>
        <source>Enter one in Settings, Endpoints.</source>
        <translation>请在“设置”的“端点”中输入。</translation>
    </message>
    <message>
        <source>Enter it anew in Settings, Endpoints.</source>
        <translation>请在“设置”的“端点”中重新输入。</translation>
    </message>
    <message>
        <source>{service} has nothing at this address.</source>
        <translation>{service} 在这个地址没有任何内容。</translation>
    </message>
    <message>
        <source>Check its address in Settings, Endpoints.</source>
        <translation>请在“设置”的“端点”中检查它的地址。</translation>
    </message>
    <message>
        <source>“{name}” is no model that {endpoint} offers.</source>
        <translation>{endpoint} 没有提供模型“{name}”。</translation>
    </message>
    <message>
        <source>It answers, and accepts the key.</source>
        <translation>服务有响应，并接受了密钥。</translation>
    </message>
    <message>
        <source>It answers.</source>
        <translation>服务有响应。</translation>
    </message>
    <message>
        <source>it answers with a web page</source>
        <translation>它返回的是一个网页</translation>
    </message>
    <message>
        <source>It is there, and starts with the first picture.</source>
        <translation>服务存在，会在生成第一张图片时启动。</translation>
    </message>
    <message>
        <source>It answers. Models that it lists: {count}.</source>
        <translation>服务有响应。它列出的模型数：{count}。</translation>
    </message>
    <message>
        <source>It answers. It does not list its models.</source>
        <translation>服务有响应。它没有列出模型。</translation>
    </message>
    <message>
        <source>It answers. Workers: {count}.</source>
        <translation>服务有响应。工作进程数：{count}。</translation>
    </message>
    <message>
        <source>It answers. No worker is awake, so the first picture takes longer.</source>
        <translation>服务有响应。目前没有工作进程在运行，因此第一张图片需要更长时间。</translation>
    </message>
    <message>
        <source>Nothing goes into {unknown}. What is filled in: {known}.</source>
        <translation>没有内容可填入 {unknown}。可填入的有：{known}。</translation>
    </message>
    <message>
        <source>It is not clear whether {service} has started the picture ({reason}); it may have been charged.</source>
        <translation>不确定 {service} 是否已开始生成图片（{reason}）；可能已经收费。</translation>
    </message>
    <message>
        <source>Try again: the picture is looked for first, and only ordered anew where it is not found. {page} shows what was charged.</source>
        <translation>请重试：会先查找这张图片，找不到时才重新下单。收费情况见 {page}。</translation>
    </message>
    <message>
        <source>It is not clear whether {service} has made the picture ({reason}); it may have been charged.</source>
        <translation>不确定 {service} 是否已生成图片（{reason}）；可能已经收费。</translation>
    </message>
    <message>
        <source>Generate it again to order another one; that may be charged again.</source>
        <translation>再次生成会重新下单；可能会再次收费。</translation>
    </message>
    <message>
        <source>{service} cannot be reached: {reason}.</source>
        <translation>无法连接 {service}：{reason}。</translation>
    </message>
    <message>
        <source>{service} does not accept the key.</source>
        <translation>{service} 不接受此密钥。</translation>
    </message>
    <message>
        <source>The {service} account has no credit left.</source>
        <translation>{service} 账户已没有余额。</translation>
    </message>
    <message>
        <source>{service} does not know this model any more.</source>
        <translation>{service} 已没有此模型。</translation>
    </message>
    <message>
        <source>{service} sends its requests on to another address.</source>
        <translation>{service} 把请求转到了另一个地址。</translation>
    </message>
    <message>
        <source>Enter that address instead; the key does not follow by itself.</source>
        <translation>请改为输入那个地址；密钥不会自动跟随过去。</translation>
    </message>
    <message>
        <source>{service} takes no more pictures from this account now.</source>
        <translation>{service} 目前不再接受此账户的图片。</translation>
    </message>
    <message>
        <source>Add credit, wait some minutes and try again.</source>
        <translation>请充值，等几分钟后重试。</translation>
    </message>
    <message>
        <source>{service} does not allow this to the key&apos;s account: {detail}</source>
        <translation>{service} 不允许此密钥的账户执行该操作：{detail}</translation>
    </message>
    <message>
        <source>{service} does not allow this to the key&apos;s account.</source>
        <translation>{service} 不允许此密钥的账户执行该操作。</translation>
    </message>
    <message>
        <source>{service} refuses the request: {detail}</source>
        <translation>{service} 拒绝了请求：{detail}</translation>
    </message>
    <message>
        <source>{service} refuses the request.</source>
        <translation>{service} 拒绝了请求。</translation>
    </message>
    <message>
        <source>{service} has a problem of its own ({status}): {detail}</source>
        <translation>{service} 自身出现问题（{status}）：{detail}</translation>
    </message>
    <message>
        <source>{service} has a problem of its own ({status}).</source>
        <translation>{service} 自身出现问题（{status}）。</translation>
    </message>
    <message>
        <source>{service} refuses the request ({status}): {detail}</source>
        <translation>{service} 拒绝了请求（{status}）：{detail}</translation>
    </message>
    <message>
        <source>{service} refuses the request ({status}).</source>
        <translation>{service} 拒绝了请求（{status}）。</translation>
    </message>
    <message>
        <source>its answer was lost</source>
        <translation>没有收到它的回复</translation>
    </message>
    <message>
        <source>{service} made a picture of {width} × {height} pixels.</source>
        <translation>{service} 生成的图片为 {width} × {height} 像素。</translation>
    </message>
    <message>
        <source>{service} does not know the picture any more.</source>
        <translation>{service} 已找不到这张图片。</translation>
    </message>
    <message>
        <source>{service} was too busy to start the picture and gave it up; it was not charged.</source>
        <translation>{service} 过于繁忙，未能开始生成图片，已放弃；没有收费。</translation>
    </message>
    <message>
        <source>{service} could not generate the picture: {reason}</source>
        <translation>{service} 未能生成图片：{reason}</translation>
    </message>
    <message>
        <source>The picture was cancelled at {service}.</source>
        <translation>图片已在 {service} 被取消。</translation>
    </message>
    <message>
        <source>{service} does not answer any more.</source>
        <translation>{service} 不再响应。</translation>
    </message>
    <message>
        <source>{service} did not finish the picture within {minutes} minutes.</source>
        <translation>{service} 未能在 {minutes} 分钟内完成图片。</translation>
    </message>
    <message>
        <source>Waiting for {service} ({seconds:.0f} s)</source>
        <translation>正在等待 {service}（{seconds:.0f} 秒）</translation>
    </message>
    <message>
        <source>{service} is generating: {doing}</source>
        <translation>{service} 正在生成：{doing}</translation>
    </message>
    <message>
        <source>{service} is generating</source>
        <translation>{service} 正在生成</translation>
    </message>
    <message>
        <source>The picture is no longer at {service}, which deletes pictures after a while.</source>
        <translation>图片已不在 {service} 上，它会在一段时间后删除图片。</translation>
    </message>
    <message>
        <source>Try again soon: it is fetched without being charged again.</source>
        <translation>请尽快重试：会重新获取，不会再次收费。</translation>
    </message>
    <message>
        <source>{service} gave no picture; its filter may have refused the prompt.</source>
        <translation>{service} 没有返回图片；提示词可能被它的过滤器拒绝了。</translation>
    </message>
    <message>
        <source>The answer of {service} holds no picture that this app can read.</source>
        <translation>{service} 的回复中没有本应用能读取的图片。</translation>
    </message>
    <message>
        <source>Asking {service} whether the picture was started</source>
        <translation>正在询问 {service} 是否已开始生成图片</translation>
    </message>
    <message>
        <source>{service} is busy and asks to wait ({seconds} s)</source>
        <translation>{service} 繁忙，需要等待（{seconds} 秒）</translation>
    </message>
    <message>
        <source>{service} does not offer {name} any more, or not in a way that this app understands.</source>
        <translation>{service} 已不再提供 {name}，或其提供方式本应用无法理解。</translation>
    </message>
    <message>
        <source>Full Sana in seconds on any computer, with nothing to download.</source>
        <translation>任何电脑上几秒即可使用完整的 Sana，无需下载。</translation>
    </message>
    <message>
        <source>A key, and about one cent a picture. Prompts are sent away.</source>
        <translation>需要密钥，每张图片约一美分。提示词会被发送出去。</translation>
    </message>
    <message>
        <source>Waiting for {service}</source>
        <translation>正在等待 {service}</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Where your ComfyUI answers: port 8188, or 8000 for its desktop app.</source>
        <translation>您的 ComfyUI 所在的地址：端口 8188，桌面应用为 8000。</translation>
    </message>
    <message>
        <source>For Sana, install the node pack ComfyUI_ExtraModels by Efficient-Large-Model with ComfyUI Manager. Its models are downloaded with their first picture, without telling how far that is.</source>
        <translation>使用 Sana 时，请通过 ComfyUI Manager 安装 Efficient-Large-Model 的节点包 ComfyUI_ExtraModels。其模型会在生成第一张图片时下载，且不显示下载进度。</translation>
    </message>
    <message>
        <source>Start ComfyUI’s desktop app, or run this in ComfyUI’s folder:</source>
        <translation>请启动 ComfyUI 桌面应用，或在 ComfyUI 的文件夹中运行：</translation>
    </message>
    <message>
        <source>Leave out --force-fp32: most Sana 1.0 models were trained in float16, and make wrong pictures with it.</source>
        <translation>请不要使用 --force-fp32：大多数 Sana 1.0 模型以 float16 训练，使用该选项会生成错误的图片。</translation>
    </message>
    <message>
        <source>This is not a header.</source>
        <translation>这不是请求头。</translation>
    </message>
    <message>
        <source>Type its name, a colon and its value, such as “Authorization: Bearer …”.</source>
        <translation>请输入名称、冒号和值，例如“Authorization: Bearer …”。</translation>
    </message>
    <message>
        <source>Models and workflows that you have in ComfyUI already.</source>
        <translation>您在 ComfyUI 中已有的模型和工作流。</translation>
    </message>
    <message>
        <source>Nothing, on a server of your own.</source>
        <translation>使用您自己的服务器，免费。</translation>
    </message>
    <message>
        <source>ComfyUI {version} answers. It computes on {device}. Models: {models}. Your workflows: {workflows}.</source>
        <translation>ComfyUI {version} 已响应。它在 {device} 上计算。模型：{models} 个。您的工作流：{workflows} 个。</translation>
    </message>
    <message>
        <source>The prompt and any pictures that go in are sent to {host}.</source>
        <translation>提示词和所用的图片会发送到 {host}。</translation>
    </message>
    <message>
        <source>ComfyUI at {address} was not asked yet.</source>
        <translation>尚未询问位于 {address} 的 ComfyUI。</translation>
    </message>
    <message>
        <source>Start it, or correct its address in Settings, ComfyUI.</source>
        <translation>请启动它，或在“设置”的“ComfyUI”页面更正地址。</translation>
    </message>
    <message>
        <source>Connecting to ComfyUI</source>
        <translation>正在连接 ComfyUI</translation>
    </message>
    <message>
        <source>ComfyUI has no model called “{model}”.</source>
        <translation>ComfyUI 没有名为“{model}”的模型。</translation>
    </message>
    <message>
        <source>Choose one that it has, or put the file into its folder for checkpoints.</source>
        <translation>请选择它已有的模型，或将文件放入其检查点文件夹。</translation>
    </message>
    <message>
        <source>ComfyUI {version} works.</source>
        <translation>ComfyUI {version} 可用。</translation>
    </message>
    <message>
        <source>ComfyUI has no model that can be used.</source>
        <translation>ComfyUI 没有可用的模型。</translation>
    </message>
    <message>
        <source>Put a checkpoint into its folder models/checkpoints, or add a workflow in Settings, ComfyUI.</source>
        <translation>请将检查点放入其 models/checkpoints 文件夹，或在“设置”的“ComfyUI”页面添加工作流。</translation>
    </message>
    <message>
        <source>It answers at {address}: take this address in Settings, ComfyUI.</source>
        <translation>它在 {address} 有响应：请在“设置”的“ComfyUI”页面使用此地址。</translation>
    </message>
    <message>
        <source>This ComfyUI shows no previews; update it, or start it with --preview-method auto.</source>
        <translation>此 ComfyUI 不显示预览；请更新它，或使用 --preview-method auto 启动。</translation>
    </message>
    <message>
        <source>The server uses it as {family}, to go by its name.</source>
        <translation>根据其名称，服务器将其作为 {family} 使用。</translation>
    </message>
    <message>
        <source>ComfyUI failed at “{node}”: {reason}.</source>
        <translation>ComfyUI 在“{node}”处失败：{reason}。</translation>
    </message>
    <message>
        <source>What it says in its window may tell more.</source>
        <translation>ComfyUI 窗口中的信息可能说明更多。</translation>
    </message>
    <message>
        <source>ComfyUI no longer has the job: it was taken out of its queue.</source>
        <translation>ComfyUI 已没有此任务：它已从队列中移除。</translation>
    </message>
    <message>
        <source>What ComfyUI at {address} says cannot be used: {reason}.</source>
        <translation>位于 {address} 的 ComfyUI 的回答无法使用：{reason}。</translation>
    </message>
    <message>
        <source>Try again; where that does not help, look for an update of the app.</source>
        <translation>请重试；如果仍然不行，请查看应用是否有更新。</translation>
    </message>
    <message>
        <source>ComfyUI refused a request (error {status}).</source>
        <translation>ComfyUI 拒绝了请求（错误 {status}）。</translation>
    </message>
    <message>
        <source>ComfyUI loads the model</source>
        <translation>ComfyUI 正在加载模型</translation>
    </message>
    <message>
        <source>ComfyUI reads the prompt</source>
        <translation>ComfyUI 正在读取提示词</translation>
    </message>
    <message>
        <source>ComfyUI could not download what “{node}” needs.</source>
        <translation>ComfyUI 无法下载“{node}”所需的内容。</translation>
    </message>
    <message>
        <source>Look whether it is online, or put the files into its folders by hand.</source>
        <translation>请检查它是否联网，或手动将文件放入其文件夹。</translation>
    </message>
    <message>
        <source>ComfyUI ran out of memory.</source>
        <translation>ComfyUI 内存不足。</translation>
    </message>
    <message>
        <source>Choose a smaller size, or a smaller model.</source>
        <translation>请选择较小的尺寸或较小的模型。</translation>
    </message>
    <message>
        <source>ComfyUI at {address} does not answer any more: the job is lost.</source>
        <translation>位于 {address} 的 ComfyUI 不再响应：任务已丢失。</translation>
    </message>
    <message>
        <source>Look whether it still runs, then try again.</source>
        <translation>请检查它是否仍在运行，然后重试。</translation>
    </message>
    <message>
        <source>ComfyUI was restarted: the job is lost.</source>
        <translation>ComfyUI 已重新启动：任务已丢失。</translation>
    </message>
    <message>
        <source>Update it to {oldest} or newer.</source>
        <translation>请将其更新到 {oldest} 或更高版本。</translation>
    </message>
    <message>
        <source>The server at {address} asks who you are (error {status}).</source>
        <translation>位于 {address} 的服务器要求验证身份（错误 {status}）。</translation>
    </message>
    <message>
        <source>Enter the headers that its proxy asks for in Settings, ComfyUI.</source>
        <translation>请在“设置”的“ComfyUI”页面输入其代理要求的请求头。</translation>
    </message>
    <message>
        <source>The server at {address} refuses this app (error 403).</source>
        <translation>位于 {address} 的服务器拒绝了此应用（错误 403）。</translation>
    </message>
    <message>
        <source>Enter the headers that its proxy asks for in Settings, ComfyUI, or ask who runs it.</source>
        <translation>请在“设置”的“ComfyUI”页面输入其代理要求的请求头，或询问管理者。</translation>
    </message>
    <message>
        <source>The server at {address} has a problem (error {status}).</source>
        <translation>位于 {address} 的服务器出现问题（错误 {status}）。</translation>
    </message>
    <message>
        <source>Restart ComfyUI, and look at what it says in its window.</source>
        <translation>请重新启动 ComfyUI，并查看其窗口中的信息。</translation>
    </message>
    <message>
        <source>What answers at {address} is not ComfyUI.</source>
        <translation>在 {address} 响应的不是 ComfyUI。</translation>
    </message>
    <message>
        <source>Correct the address in Settings, ComfyUI.</source>
        <translation>请在“设置”的“ComfyUI”页面更正地址。</translation>
    </message>
    <message>
        <source>ComfyUI is not running at {address}.</source>
        <translation>ComfyUI 未在 {address} 运行。</translation>
    </message>
    <message>
        <source>ComfyUI at {address} cannot be asked: {reason}.</source>
        <translation>无法询问位于 {address} 的 ComfyUI：{reason}。</translation>
    </message>
    <message>
        <source>Look whether it runs, then try again.</source>
        <translation>请检查它是否在运行，然后重试。</translation>
    </message>
    <message>
        <source>ComfyUI {version} is too old.</source>
        <translation>ComfyUI {version} 版本过旧。</translation>
    </message>
    <message>
        <source>This ComfyUI is too old.</source>
        <translation>此 ComfyUI 版本过旧。</translation>
    </message>
    <message>
        <source>Waiting for ComfyUI: {n} jobs are before this one</source>
        <translation>正在等待 ComfyUI：前面还有 {n} 个任务</translation>
    </message>
    <message>
        <source>Waiting for ComfyUI</source>
        <translation>正在等待 ComfyUI</translation>
    </message>
    <message>
        <source>Waiting for ComfyUI: another job is before this one</source>
        <translation>正在等待 ComfyUI：前面还有一个任务</translation>
    </message>
    <message>
        <source>The job was stopped in ComfyUI.</source>
        <translation>任务已在 ComfyUI 中停止。</translation>
    </message>
    <message>
        <source>ComfyUI does not answer; trying again</source>
        <translation>ComfyUI 没有响应；正在重试</translation>
    </message>
    <message>
        <source>ComfyUI is at work</source>
        <translation>ComfyUI 正在工作</translation>
    </message>
    <message>
        <source>The picture is one flat colour: the numbers broke down in ComfyUI, which may have to run in another precision.</source>
        <translation>图片只有一种纯色：ComfyUI 中的计算出错，可能需要以其他精度运行。</translation>
    </message>
    <message>
        <source>Sending the start picture</source>
        <translation>正在发送起始图片</translation>
    </message>
    <message>
        <source>ComfyUI has finished, and there is no picture.</source>
        <translation>ComfyUI 已完成，但没有图片。</translation>
    </message>
    <message>
        <source>Look whether its graph ends in a node that saves or shows a picture.</source>
        <translation>请检查工作流是否以保存或显示图片的节点结束。</translation>
    </message>
    <message>
        <source>ComfyUI no longer has the file of this picture.</source>
        <translation>ComfyUI 已没有此图片的文件。</translation>
    </message>
    <message>
        <source>Restart ComfyUI, or choose another seed.</source>
        <translation>请重新启动 ComfyUI，或选择其他种子。</translation>
    </message>
    <message>
        <source>What ComfyUI gave is no picture that can be read.</source>
        <translation>ComfyUI 给出的内容不是可读取的图片。</translation>
    </message>
    <message>
        <source>ComfyUI shows no previews of Sana.</source>
        <translation>ComfyUI 不显示 Sana 的预览。</translation>
    </message>
    <message>
        <source>The server has no autoencoder for Sana yet: it downloads it first, without telling how far it is.</source>
        <translation>服务器还没有 Sana 的自动编码器：它会先下载，且不显示进度。</translation>
    </message>
    <message>
        <source>It was trained in float16, which the server’s processor lacks: pictures may be wrong.</source>
        <translation>它以 float16 训练，而服务器的处理器不支持该精度：图片可能有误。</translation>
    </message>
    <message>
        <source>its answer is too long</source>
        <translation>回答过长</translation>
    </message>
    <message>
        <source>Workflows</source>
        <translation>工作流</translation>
    </message>
    <message>
        <source>Add a workflow…</source>
        <translation>添加工作流…</translation>
    </message>
    <message>
        <source>A workflow that you export from ComfyUI in API format is listed among its models. The prompt, the seed, the size and so on are found in it.</source>
        <translation>从 ComfyUI 以 API 格式导出的工作流会列在其模型中。提示词、种子、尺寸等会自动识别。</translation>
    </message>
    <message>
        <source>The workflow could not be saved</source>
        <translation>无法保存工作流</translation>
    </message>
    <message>
        <source>“{node}” (of the pack {pack})</source>
        <translation>“{node}”（来自节点包 {pack}）</translation>
    </message>
    <message>
        <source>It offers {options}.</source>
        <translation>可选：{options}。</translation>
    </message>
    <message>
        <source>Install {packs} with ComfyUI Manager, and start ComfyUI again.</source>
        <translation>请通过 ComfyUI Manager 安装{packs}，然后重新启动 ComfyUI。</translation>
    </message>
    <message>
        <source>Install the packs that they come from with ComfyUI Manager, and start ComfyUI again.</source>
        <translation>请通过 ComfyUI Manager 安装它们所属的节点包，然后重新启动 ComfyUI。</translation>
    </message>
    <message>
        <source>This ComfyUI does not have the nodes {nodes}.</source>
        <translation>此 ComfyUI 没有这些节点：{nodes}。</translation>
    </message>
    <message>
        <source>checkpoint</source>
        <translation>检查点</translation>
    </message>
    <message>
        <source>diffusion model</source>
        <translation>扩散模型</translation>
    </message>
    <message>
        <source>LoRA</source>
        <translation>LoRA</translation>
    </message>
    <message>
        <source>VAE</source>
        <translation>VAE</translation>
    </message>
    <message>
        <source>ControlNet</source>
        <translation>ControlNet</translation>
    </message>
    <message>
        <source>style model</source>
        <translation>风格模型</translation>
    </message>
    <message>
        <source>GLIGEN model</source>
        <translation>GLIGEN 模型</translation>
    </message>
    <message>
        <source>hypernetwork</source>
        <translation>超网络</translation>
    </message>
    <message>
        <source>{n} more</source>
        <translation>另外 {n} 个</translation>
    </message>
    <message>
        <source>This ComfyUI does not have the node {node}.</source>
        <translation>此 ComfyUI 没有节点{node}。</translation>
    </message>
    <message>
        <source>the {kind} “{name}”</source>
        <translation>名为“{name}”的{kind}</translation>
    </message>
    <message>
        <source>This ComfyUI does not have {files}.</source>
        <translation>此 ComfyUI 没有{files}。</translation>
    </message>
    <message>
        <source>It has “{name}”.</source>
        <translation>它有“{name}”。</translation>
    </message>
    <message>
        <source>“{value}” is not a choice for {input} in “{node}”.</source>
        <translation>“{node}”的 {input} 没有“{value}”这个选项。</translation>
    </message>
    <message>
        <source>Choose another one in ComfyUI, and export the workflow again.</source>
        <translation>请在 ComfyUI 中选择其他选项，并重新导出工作流。</translation>
    </message>
    <message>
        <source>text encoder</source>
        <translation>文本编码器</translation>
    </message>
    <message>
        <source>upscaler</source>
        <translation>放大模型</translation>
    </message>
    <message>
        <source>Put it into {folder} in ComfyUI’s folder, or choose another one there and export it again.</source>
        <translation>请将其放入 ComfyUI 文件夹中的 {folder}，或在 ComfyUI 中另选一个并重新导出。</translation>
    </message>
    <message>
        <source>Put them into {folders} in ComfyUI’s folder, or choose others there and export it again.</source>
        <translation>请将它们放入 ComfyUI 文件夹中的 {folders}，或在 ComfyUI 中另选并重新导出。</translation>
    </message>
    <message>
        <source>Open it in ComfyUI, choose Export (API) in the Workflow menu, and take that file. Older versions have it as Save (API Format), once the dev mode is on in ComfyUI&apos;s settings.</source>
        <translation>请在 ComfyUI 中打开它，在“工作流”菜单中选择“导出 (API)”，并使用导出的文件。在旧版本中，请先在 ComfyUI 的设置中启用开发者模式，再选择“保存 (API 格式)”。</translation>
    </message>
    <message>
        <source>Open it in ComfyUI, mend it there, and export it again in API format.</source>
        <translation>请在 ComfyUI 中打开并修正，然后重新以 API 格式导出。</translation>
    </message>
    <message>
        <source>“{name}” is not a ComfyUI workflow in API format.</source>
        <translation>“{name}”不是 API 格式的 ComfyUI 工作流。</translation>
    </message>
    <message>
        <source>In “{name}”, node {node} has no class or no inputs.</source>
        <translation>在“{name}”中，节点 {node} 没有类型或输入。</translation>
    </message>
    <message>
        <source>“{name}” is larger than {n} MB.</source>
        <translation>“{name}”超过 {n} MB。</translation>
    </message>
    <message>
        <source>A workflow in API format is much smaller. Choose another file.</source>
        <translation>API 格式的工作流要小得多。请选择其他文件。</translation>
    </message>
    <message>
        <source>“{name}” is in the format of ComfyUI&apos;s editor, not in API format.</source>
        <translation>“{name}”是 ComfyUI 编辑器的格式，而不是 API 格式。</translation>
    </message>
    <message>
        <source>“{name}” has {n} nodes; {most} at most can be used here.</source>
        <translation>“{name}”有 {n} 个节点；此处最多可使用 {most} 个。</translation>
    </message>
    <message>
        <source>Make the workflow smaller.</source>
        <translation>请精简工作流。</translation>
    </message>
    <message>
        <source>“{name}” has {n} links; {most} at most can be used here.</source>
        <translation>“{name}”有 {n} 条连接；此处最多可使用 {most} 条。</translation>
    </message>
    <message>
        <source>In “{name}”, a node is too large.</source>
        <translation>在“{name}”中，有一个节点过大。</translation>
    </message>
    <message>
        <source>In “{name}”, nodes lead in a circle: {nodes}.</source>
        <translation>在“{name}”中，节点形成了循环：{nodes}。</translation>
    </message>
    <message>
        <source>There is no workflow “{name}”.</source>
        <translation>没有工作流“{name}”。</translation>
    </message>
    <message>
        <source>Choose a file that is there.</source>
        <translation>请选择存在的文件。</translation>
    </message>
    <message>
        <source>“{name}” cannot be read: {error}</source>
        <translation>无法读取“{name}”：{error}</translation>
    </message>
    <message>
        <source>“{name}” is nested too deeply.</source>
        <translation>“{name}”的嵌套层数过多。</translation>
    </message>
    <message>
        <source>Choose a workflow in API format.</source>
        <translation>请选择 API 格式的工作流。</translation>
    </message>
    <message>
        <source>In “{name}”, {kind} (node {node}) takes something from node {missing}, which is not there.</source>
        <translation>在“{name}”中，{kind}（节点 {node}）引用了不存在的节点 {missing}。</translation>
    </message>
    <message>
        <source>“{name}” neither saves nor shows a picture.</source>
        <translation>“{name}”既不保存也不显示图片。</translation>
    </message>
    <message>
        <source>Add a “Save Image” node to it in ComfyUI, and export it again.</source>
        <translation>请在 ComfyUI 中为其添加“保存图像”（Save Image）节点，然后重新导出。</translation>
    </message>
    <message>
        <source>In “{name}”, neither a prompt nor a start picture was found.</source>
        <translation>在“{name}”中没有找到提示词或起始图片。</translation>
    </message>
    <message>
        <source>Call the node with the prompt “Positive Prompt” in ComfyUI, and export the workflow again.</source>
        <translation>请在 ComfyUI 中将含有提示词的节点命名为“Positive Prompt”，然后重新导出工作流。</translation>
    </message>
    <message>
        <source>No prompt was found in this workflow: what you type has no effect.</source>
        <translation>在此工作流中没有找到提示词：您输入的内容不起作用。</translation>
    </message>
    <message>
        <source>No seed was found in this workflow: the same settings may give another picture.</source>
        <translation>在此工作流中没有找到种子：相同的设置可能生成不同的图片。</translation>
    </message>
    <message>
        <source>The workflow itself decides the size of its pictures.</source>
        <translation>图片的尺寸由工作流自行决定。</translation>
    </message>
    <message>
        <source>Run it in ComfyUI, mend it there, and export it again in API format.</source>
        <translation>请在 ComfyUI 中运行并修正，然后重新以 API 格式导出。</translation>
    </message>
    <message>
        <source>ComfyUI does not take the workflow: {words}</source>
        <translation>ComfyUI 不接受此工作流：{words}</translation>
    </message>
    <message>
        <source>“{node}”: {words}</source>
        <translation>“{node}”：{words}</translation>
    </message>
    <message>
        <source>The workflow neither saves nor shows a picture.</source>
        <translation>此工作流既不保存也不显示图片。</translation>
    </message>
    <message>
        <source>“{node}” lacks its input {input}.</source>
        <translation>“{node}”缺少输入 {input}。</translation>
    </message>
    <message>
        <source>{value} is too small for {input} in “{node}”.</source>
        <translation>“{node}”的 {input} 不能小到 {value}。</translation>
    </message>
    <message>
        <source>{value} is too large for {input} in “{node}”.</source>
        <translation>“{node}”的 {input} 不能大到 {value}。</translation>
    </message>
    <message>
        <source>What goes into {input} of “{node}” does not fit.</source>
        <translation>连接到“{node}”的 {input} 的内容不匹配。</translation>
    </message>
    <message>
        <source>The picture of “{node}” is not on the server.</source>
        <translation>“{node}”的图片不在服务器上。</translation>
    </message>
    <message>
        <source>Choose a start picture, or put the file into ComfyUI&apos;s input folder.</source>
        <translation>请选择起始图片，或将文件放入 ComfyUI 的 input 文件夹。</translation>
    </message>
    <message>
        <source>the decoded clip</source>
        <translation>解码后的视频</translation>
    </message>
    <message>
        <source>the clip</source>
        <translation>视频</translation>
    </message>
    <message>
        <source>Going on after step {step} of {steps}</source>
        <translation>从第 {step} 步（共 {steps} 步）之后继续</translation>
    </message>
    <message>
        <source>Nothing. A full model is a download of several GB; the starter comes with the app.</source>
        <translation>免费。完整模型需下载数 GB；入门模型随应用附带。</translation>
    </message>
    <message>
        <source>“{name}” enlarges {times} times, not {n}.</source>
        <translation>“{name}” 放大 {times} 倍，而不是 {n} 倍。</translation>
    </message>
    <message>
        <source>Choose another factor or another upscaler.</source>
        <translation>请选择其他倍数或其他放大器。</translation>
    </message>
    <message>
        <source>FLUX.2 klein and Z-Image, for other pictures than Sana&apos;s, on a Mac with Apple silicon.</source>
        <translation>在 Apple 芯片的 Mac 上使用 FLUX.2 klein 和 Z-Image，生成与 Sana 不同的图片。</translation>
    </message>
    <message>
        <source>Nothing. A model is a download of about 5 GB or more.</source>
        <translation>免费。模型需下载约 5 GB 或更多。</translation>
    </message>
    <message>
        <source>the encoded picture</source>
        <translation>编码后的图片</translation>
    </message>
    <message>
        <source>It needs mflux {wanted}, and {found} is installed.</source>
        <translation>需要 mflux {wanted}，而已安装的是 {found}。</translation>
    </message>
    <message>
        <source>Lower the weight of the LoRA, or leave it out.</source>
        <translation>降低 LoRA 的权重，或者不用它。</translation>
    </message>
    <message>
        <source>The LoRA “{name}” is not on this computer.</source>
        <translation>这台电脑上没有 LoRA“{name}”。</translation>
    </message>
    <message>
        <source>Put it into the folder for LoRAs, or remove it.</source>
        <translation>把它放进 LoRA 文件夹，或者移除它。</translation>
    </message>
    <message>
        <source>“{model}” does not run on {backend}.</source>
        <translation>“{model}”不能在 {backend} 上运行。</translation>
    </message>
    <message>
        <source>Choose “Automatic” to run on, or another model.</source>
        <translation>请将运行方式选为“自动”，或另选一个模型。</translation>
    </message>
    <message>
        <source>“{name}” is kept in {precision} for MLX alone; {backend} needs the whole model.</source>
        <translation>“{name}”仅以{precision}保留，供 MLX 使用；{backend} 需要完整的模型。</translation>
    </message>
    <message>
        <source>Choose MLX, or download the model again in Settings.</source>
        <translation>请选择 MLX，或在“设置”中重新下载该模型。</translation>
    </message>
    <message>
        <source>Sana on a Mac with Apple silicon: fast, private and without a connection.</source>
        <translation>在 Apple 芯片的 Mac 上运行 Sana：快速、私密，无需联网。</translation>
    </message>
    <message>
        <source>The mask has {width} × {height} pixels, the start picture {own_width} × {own_height}.</source>
        <translation>蒙版为 {width} × {height} 像素，起始图片为 {own_width} × {own_height}。</translation>
    </message>
    <message>
        <source>Use a mask of the start picture&apos;s size.</source>
        <translation>请使用与起始图片相同尺寸的蒙版。</translation>
    </message>
    <message>
        <source>Sana on an NVIDIA GPU, and on any computer that has nothing faster.</source>
        <translation>在 NVIDIA GPU 上运行 Sana，也适合没有更快选择的任何电脑。</translation>
    </message>
    <message>
        <source>“{name}” does not enlarge colour pictures.</source>
        <translation>“{name}” 不能放大彩色图片。</translation>
    </message>
    <message>
        <source>Choose another upscaler.</source>
        <translation>请选择其他放大器。</translation>
    </message>
    <message>
        <source>“{name}” is no upscaler that can be used here.</source>
        <translation>“{name}” 不是这里可用的放大器。</translation>
    </message>
    <message>
        <source>Choose a .safetensors file of an upscaler that spandrel knows, such as ESRGAN or SPAN.</source>
        <translation>请选择 spandrel 支持的放大器的 .safetensors 文件，例如 ESRGAN 或 SPAN。</translation>
    </message>
    <message>
        <source>it has this model, and you agreed to the cloud</source>
        <translation>它有这个模型，而且您同意使用云端</translation>
    </message>
    <message>
        <source>it has this model</source>
        <translation>它有这个模型</translation>
    </message>
    <message>
        <source>“{file}” is a file for {name}.</source>
        <translation>“{file}”是供 {name} 使用的文件。</translation>
    </message>
    <message>
        <source>Let it run on {name}: add --backend {id}.</source>
        <translation>请在 {name} 上运行：添加 --backend {id}。</translation>
    </message>
    <message>
        <source>“{name}” is kept in few bits alone, so there is nothing to compare it with.</source>
        <translation>“{name}”仅以低位数保留，没有可供比较的数据。</translation>
    </message>
    <message>
        <source>Test another model, or download this one again.</source>
        <translation>请测试其他模型，或重新下载这个模型。</translation>
    </message>
    <message>
        <source>{chip}, {memory} of memory, of which a model may take {limit}</source>
        <translation>{chip}，内存 {memory}，其中模型可用 {limit}</translation>
    </message>
    <message>
        <source>The benchmark measures Sana alone.</source>
        <translation>基准测试只测 Sana。</translation>
    </message>
    <message>
        <source>Leave out --backend.</source>
        <translation>请去掉 --backend。</translation>
    </message>
    <message>
        <source>Name a variable that holds it: --key-env.</source>
        <translation>请用 --key-env 指定保存密钥的环境变量。</translation>
    </message>
    <message>
        <source>The template “{name}” cannot be read.</source>
        <translation>无法读取模板“{name}”。</translation>
    </message>
    <message>
        <source>Name a text file with a JSON object.</source>
        <translation>请指定一个内容为 JSON 对象的文本文件。</translation>
    </message>
    <message>
        <source>Run this in a terminal to be asked, or allow it in Settings, {name}.</source>
        <translation>请在终端中运行以便确认，或在“设置”的“{name}”页面允许。</translation>
    </message>
    <message>
        <source>Add the endpoint anew with a variable that holds it: --key-env.</source>
        <translation>请用 --key-env 指定保存密钥的环境变量，重新添加这个端点。</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>没有任何更改。</translation>
    </message>
    <message>
        <source>Add {option} to agree.</source>
        <translation>加上 {option} 表示同意。</translation>
    </message>
    <message>
        <source>A control picture needs a ControlNet, which follows it.</source>
        <translation>参考图片需要一个 ControlNet 来跟随它。</translation>
    </message>
    <message>
        <source>Name one with --control-model, by its id or its folder.</source>
        <translation>请用 --control-model 指定，可用名称或文件夹。</translation>
    </message>
    <message>
        <source>Extending needs a start picture.</source>
        <translation>扩展画面需要一张起始图片。</translation>
    </message>
    <message>
        <source>Name one with --init-image, or leave --extend out.</source>
        <translation>请用 --init-image 指定一张，或去掉 --extend。</translation>
    </message>
    <message>
        <source>“{text}” is no extension.</source>
        <translation>“{text}”不是有效的扩展。</translation>
    </message>
    <message>
        <source>Give four whole numbers of pixels, as in --extend 128,0,128,0 (left, top, right, bottom).</source>
        <translation>请给出四个整数像素，例如 --extend 128,0,128,0（左、上、右、下）。</translation>
    </message>
    <message>
        <source>{option} needs a control picture.</source>
        <translation>{option} 需要一张参考图片。</translation>
    </message>
    <message>
        <source>Name one with --control, or leave {option} out.</source>
        <translation>请用 --control 指定一张，或去掉 {option}。</translation>
    </message>
    <message>
        <source>A variation seed needs an amount.</source>
        <translation>变化种子需要一个幅度。</translation>
    </message>
    <message>
        <source>Add --variation-amount with a number from 0 to 1.</source>
        <translation>请加上 --variation-amount 和一个 0 到 1 的数。</translation>
    </message>
    <message>
        <source>A prompt and a model are for refining alone.</source>
        <translation>提示词和模型仅用于精修。</translation>
    </message>
    <message>
        <source>Add --refine 0.2, or leave them out.</source>
        <translation>请加上 --refine 0.2，或去掉它们。</translation>
    </message>
    <message>
        <source>Several pictures do not fit into one file.</source>
        <translation>多张图片不能存入一个文件。</translation>
    </message>
    <message>
        <source>Name a folder with --out.</source>
        <translation>请用 --out 指定一个文件夹。</translation>
    </message>
    <message>
        <source>A brace in the prompt has no partner: “{text}”</source>
        <translation>提示词中有花括号没有配对：“{text}”</translation>
    </message>
    <message>
        <source>Add the other brace, or type {escaped} for the character itself.</source>
        <translation>请补上另一个花括号；若要输入该字符本身，请键入 {escaped}。</translation>
    </message>
    <message>
        <source>Too many alternatives stand in each other.</source>
        <translation>备选项嵌套过深。</translation>
    </message>
    <message>
        <source>Use fewer braces.</source>
        <translation>请少用一些花括号。</translation>
    </message>
    <message>
        <source>The wildcard “{name}” leads back to itself.</source>
        <translation>通配符“{name}”指向了自身。</translation>
    </message>
    <message>
        <source>Change its file.</source>
        <translation>请修改它的文件。</translation>
    </message>
    <message>
        <source>“{name}” does not heed a negative prompt.</source>
        <translation>“{name}”不支持反向提示词。</translation>
    </message>
    <message>
        <source>The model catalog is wrong: {problem}.</source>
        <translation>模型目录有误：{problem}。</translation>
    </message>
    <message>
        <source>Correct resources/catalog.toml, or install the app again.</source>
        <translation>请改正 resources/catalog.toml，或重新安装应用。</translation>
    </message>
    <message>
        <source>Choose full precision, or something else to run on, in Settings.</source>
        <translation>请在设置中选择全精度或其他运行方式。</translation>
    </message>
    <message>
        <source>The model&apos;s weights may be damaged: download it again, or choose another model.</source>
        <translation>模型的权重可能已损坏：请重新下载，或选择其他模型。</translation>
    </message>
    <message>
        <source>The computation broke down: {place} contains values that are not numbers.</source>
        <translation>计算出错：{place} 中含有非数值。</translation>
    </message>
    <message>
        <source>A grid has two axes.</source>
        <translation>网格有两个轴。</translation>
    </message>
    <message>
        <source>Leave one out.</source>
        <translation>请去掉一个。</translation>
    </message>
    <message>
        <source>Both axes change the same setting.</source>
        <translation>两个轴改变的是同一项设置。</translation>
    </message>
    <message>
        <source>Choose another one for the second.</source>
        <translation>请为第二个轴另选一项。</translation>
    </message>
    <message>
        <source>“{name}” is no setting of a grid.</source>
        <translation>“{name}”不是网格的设置。</translation>
    </message>
    <message>
        <source>“{name}” has no values.</source>
        <translation>“{name}”没有取值。</translation>
    </message>
    <message>
        <source>Write some, with commas.</source>
        <translation>请写几个，用逗号分隔。</translation>
    </message>
    <message>
        <source>“{name}” has {n} values.</source>
        <translation>“{name}”有 {n} 个取值。</translation>
    </message>
    <message>
        <source>Use {most} at most.</source>
        <translation>最多使用 {most} 个。</translation>
    </message>
    <message>
        <source>“{values}” are no values of “{name}”.</source>
        <translation>“{values}”不是“{name}”的取值。</translation>
    </message>
    <message>
        <source>Write numbers with commas, as in 10,20,30, or a range with a step, as in 4-20:4.</source>
        <translation>请写用逗号分隔的数字，如 10,20,30，或带步长的范围，如 4-20:4。</translation>
    </message>
    <message>
        <source>There is no LoRA whose weight could change.</source>
        <translation>没有可以改变权重的 LoRA。</translation>
    </message>
    <message>
        <source>Choose a LoRA first.</source>
        <translation>请先选择一个 LoRA。</translation>
    </message>
    <message>
        <source>There is no start picture that could change more or less.</source>
        <translation>没有可以改变多少的起始图片。</translation>
    </message>
    <message>
        <source>Choose a start picture first.</source>
        <translation>请先选择起始图片。</translation>
    </message>
    <message>
        <source>Choose {low:g} to {high:g}.</source>
        <translation>请选择 {low:g} 到 {high:g}。</translation>
    </message>
    <message>
        <source>{model} takes no LoRA here.</source>
        <translation>{model} 在这里不能使用 LoRA。</translation>
    </message>
    <message>
        <source>Remove the LoRA, or choose another model.</source>
        <translation>请移除 LoRA，或选择其他模型。</translation>
    </message>
    <message>
        <source>{n} LoRAs are too many.</source>
        <translation>{n} 个 LoRA 太多了。</translation>
    </message>
    <message>
        <source>Choose {most} at most.</source>
        <translation>最多选择 {most} 个。</translation>
    </message>
    <message>
        <source>{model} cannot vary a picture here.</source>
        <translation>{model} 在这里不能变化图片。</translation>
    </message>
    <message>
        <source>Use new seeds, or a local model.</source>
        <translation>请使用新的种子，或选择本地模型。</translation>
    </message>
    <message>
        <source>{model} makes pictures, not clips.</source>
        <translation>{model} 只生成图片，不生成视频。</translation>
    </message>
    <message>
        <source>{model} makes clips, and this command tests with pictures.</source>
        <translation>{model} 生成的是视频，而此命令用图片进行测试。</translation>
    </message>
    <message>
        <source>Leave out --model.</source>
        <translation>请去掉 --model。</translation>
    </message>
    <message>
        <source>{model} begins with the start picture as it is.</source>
        <translation>{model} 会原样以起始图片开头。</translation>
    </message>
    <message>
        <source>Leave --strength out.</source>
        <translation>请去掉 --strength。</translation>
    </message>
    <message>
        <source>Leave --frames-out out, or choose a video model.</source>
        <translation>请去掉 --frames-out，或选择视频模型。</translation>
    </message>
    <message>
        <source>{name} gives no single frames.</source>
        <translation>{name} 不提供单帧画面。</translation>
    </message>
    <message>
        <source>Leave --frames-out out.</source>
        <translation>请去掉 --frames-out。</translation>
    </message>
    <message>
        <source>Leave the frames out, or choose a video model.</source>
        <translation>请去掉帧数，或选择视频模型。</translation>
    </message>
    <message>
        <source>{n} frames do not fit {model}.</source>
        <translation>{model} 不能使用 {n} 帧。</translation>
    </message>
    <message>
        <source>The first frame of “{name}” is used.</source>
        <translation>使用“{name}”的首帧。</translation>
    </message>
    <message>
        <source>{count} clips are not possible.</source>
        <translation>无法生成 {count} 段视频。</translation>
    </message>
    <message>
        <source>A single frame does not fit {model}.</source>
        <translation>{model} 不支持只有一帧的视频。</translation>
    </message>
    <message>
        <source>The nearest number that fits is {nearest}.</source>
        <translation>最接近的可用数值是 {nearest}。</translation>
    </message>
    <message>
        <source>{fps:g} frames a second do not fit {model}.</source>
        <translation>{model} 不能使用每秒 {fps:g} 帧。</translation>
    </message>
    <message>
        <source>{model} takes {most} of these pictures at most.</source>
        <translation>{model} 最多接受 {most} 张这样的图片。</translation>
    </message>
    <message>
        <source>Remove one.</source>
        <translation>请移除一张。</translation>
    </message>
    <message>
        <source>Choose a ControlNet.</source>
        <translation>请选择一个 ControlNet。</translation>
    </message>
    <message>
        <source>The steps from {start:g} to {end:g} make no range.</source>
        <translation>从 {start:g} 到 {end:g} 的步数范围无效。</translation>
    </message>
    <message>
        <source>Choose a start below the end, both from 0 to 1.</source>
        <translation>请让起点小于终点，二者都在 0 到 1 之间。</translation>
    </message>
    <message>
        <source>A LoRA weight of {weight:g} is out of range.</source>
        <translation>LoRA 权重 {weight:g} 超出范围。</translation>
    </message>
    <message>
        <source>The variation seed {seed} is out of range.</source>
        <translation>变化种子 {seed} 超出范围。</translation>
    </message>
    <message>
        <source>A variation amount of {amount:g} is out of range.</source>
        <translation>变化幅度 {amount:g} 超出范围。</translation>
    </message>
    <message>
        <source>{model} takes no control picture here.</source>
        <translation>{model} 在这里不能使用控制图片。</translation>
    </message>
    <message>
        <source>Remove the control picture.</source>
        <translation>请移除控制图片。</translation>
    </message>
    <message>
        <source>{model} takes no reference picture here.</source>
        <translation>{model} 在这里不能使用参考图片。</translation>
    </message>
    <message>
        <source>Remove the reference picture.</source>
        <translation>请移除参考图片。</translation>
    </message>
    <message>
        <source>The link is not one that Sana Studio understands.</source>
        <translation>Sana Studio 无法识别这个链接。</translation>
    </message>
    <message>
        <source>It begins with {example}.</source>
        <translation>正确的链接以 {example} 开头。</translation>
    </message>
    <message>
        <source>The link is too long.</source>
        <translation>链接太长。</translation>
    </message>
    <message>
        <source>Shorten its prompt.</source>
        <translation>请缩短其中的提示词。</translation>
    </message>
    <message>
        <source>The link has no prompt.</source>
        <translation>链接中没有提示词。</translation>
    </message>
    <message>
        <source>A link cannot set “{field}”.</source>
        <translation>链接不能设置“{field}”。</translation>
    </message>
    <message>
        <source>Use only these: {names}.</source>
        <translation>只能使用：{names}。</translation>
    </message>
    <message>
        <source>The link sets “{field}” twice.</source>
        <translation>链接两次设置了“{field}”。</translation>
    </message>
    <message>
        <source>Leave one of them out.</source>
        <translation>请去掉其中一个。</translation>
    </message>
    <message>
        <source>“{value}” is no value for “{field}” in a link.</source>
        <translation>链接中“{field}”的值“{value}”无效。</translation>
    </message>
    <message>
        <source>Ask whoever wrote the link for a right one.</source>
        <translation>请向链接的作者索取正确的链接。</translation>
    </message>
    <message>
        <source>“{name}”</source>
        <translation>“{name}”</translation>
    </message>
    <message>
        <source>{n} GB</source>
        <translation>{n} GB</translation>
    </message>
    <message>
        <source>under {n} GB</source>
        <translation>不到 {n} GB</translation>
    </message>
    <message>
        <source>{first} {second}</source>
        <translation>{first}{second}</translation>
    </message>
    <message>
        <source>{first}, {second}</source>
        <translation>{first}、{second}</translation>
    </message>
    <message>
        <source>{first} or {second}</source>
        <translation>{first} 或 {second}</translation>
    </message>
    <message>
        <source>{first} and {second}</source>
        <translation>{first} 和 {second}</translation>
    </message>
    <message>
        <source>The nearest that fits extends it by {left} pixels on the left, {top} at the top, {right} on the right and {bottom} at the bottom.</source>
        <translation>最接近且可行的扩展是：左 {left}、上 {top}、右 {right}、下 {bottom} 像素。</translation>
    </message>
    <message>
        <source>Choose one, or do not extend.</source>
        <translation>请选择一张，或不扩展。</translation>
    </message>
    <message>
        <source>{model} cannot extend a picture here.</source>
        <translation>{model} 在这里不能扩展图片。</translation>
    </message>
    <message>
        <source>Do not extend, or choose another model.</source>
        <translation>请不要扩展，或选择其他模型。</translation>
    </message>
    <message>
        <source>This extends the picture nowhere.</source>
        <translation>这样不会扩展图片的任何一边。</translation>
    </message>
    <message>
        <source>Give the pixels for left, top, right and bottom, at least one of them above 0.</source>
        <translation>请给出左、上、右、下各扩展多少像素，至少一个大于 0。</translation>
    </message>
    <message>
        <source>The extension leaves no room for the picture.</source>
        <translation>扩展之后没有留给图片的位置。</translation>
    </message>
    <message>
        <source>Extend by less, or leave width and height out.</source>
        <translation>请扩展得少一些，或不指定宽度和高度。</translation>
    </message>
    <message>
        <source>A detail pass needs a mask and a model that takes one.</source>
        <translation>细节重绘需要蒙版和支持蒙版的模型。</translation>
    </message>
    <message>
        <source>Leave the detail pass out.</source>
        <translation>请不要使用细节重绘。</translation>
    </message>
    <message>
        <source>Sides must be from {minimum:g} to {maximum:g} pixels; the nearest size is {best_width} × {best_height}.</source>
        <translation>边长须为 {minimum:g} 到 {maximum:g} 像素；最接近的尺寸是 {best_width} × {best_height}。</translation>
    </message>
    <message>
        <source>{path} is damaged: it is no tokenizer.</source>
        <translation>{path} 已损坏：它不是分词器。</translation>
    </message>
    <message>
        <source>the velocity of step {step}</source>
        <translation>第 {step} 步的速度场</translation>
    </message>
    <message>
        <source>the result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>This would make {n} pictures, and {most} are possible at once.</source>
        <translation>这将生成 {n} 张图片，而一次最多 {most} 张。</translation>
    </message>
    <message>
        <source>Use fewer values or alternatives, or let one be picked at random, as in {example}.</source>
        <translation>请减少取值或备选项，或让程序随机挑选一个，例如 {example}。</translation>
    </message>
    <message>
        <source>The prompt and the pictures that go in would leave this computer, for {host}.</source>
        <translation>提示词和所用的图片将离开这台电脑，发送到 {host}。</translation>
    </message>
    <message>
        <source>Allow it once, in Settings or here.</source>
        <translation>请在“设置”或此处允许一次。</translation>
    </message>
    <message>
        <source>“{name}” is a pickle, which could run any program here.</source>
        <translation>“{name}” 是 pickle 文件，可能在此运行任意程序。</translation>
    </message>
    <message>
        <source>Use the same model as a .safetensors file.</source>
        <translation>请使用同一模型的 .safetensors 文件。</translation>
    </message>
    <message>
        <source>There is no upscaler “{name}”.</source>
        <translation>没有放大器“{name}”。</translation>
    </message>
    <message>
        <source>Choose {choices}, or a .safetensors file.</source>
        <translation>请选择 {choices}，或一个 .safetensors 文件。</translation>
    </message>
    <message>
        <source>Choose a smaller upscaler.</source>
        <translation>请选择更小的放大器。</translation>
    </message>
    <message>
        <source>“{name}” does not say what it shows.</source>
        <translation>“{name}” 没有说明它画的是什么。</translation>
    </message>
    <message>
        <source>Say it in a prompt, or do not refine the picture.</source>
        <translation>请用提示词说明，或不细化这张图片。</translation>
    </message>
    <message>
        <source>{name} runs only the upscalers that come with the app.</source>
        <translation>{name} 只能运行应用自带的放大器。</translation>
    </message>
    <message>
        <source>Choose something else to run on in Settings.</source>
        <translation>请在设置中选择其他运行方式。</translation>
    </message>
    <message>
        <source>{backend} computes correctly in {precisions}.</source>
        <translation>{backend} 以 {precisions} 计算的结果正确。</translation>
    </message>
    <message>
        <source>{backend} failed the self-test.</source>
        <translation>{backend} 未通过自检。</translation>
    </message>
    <message>
        <source>From now on it computes in {precision}.</source>
        <translation>今后将以 {precision} 计算。</translation>
    </message>
    <message>
        <source>In {precision}: {failure}</source>
        <translation>{precision}：{failure}</translation>
    </message>
    <message>
        <source>What this costs is not known, and you want to be asked before anything is spent.</source>
        <translation>这次的费用未知，而您要求在花费前先询问。</translation>
    </message>
    <message>
        <source>Generate it anyway, or change the limit in Settings, Cloud.</source>
        <translation>可以仍然生成，或在“设置”的“云端”中更改限额。</translation>
    </message>
    <message>
        <source>There is not enough memory for this.</source>
        <translation>内存不足，无法完成。</translation>
    </message>
    <message>
        <source>Try again. If it happens again, please report it with the log (Settings, Advanced).</source>
        <translation>请重试。如果再次发生，请附上日志报告问题（“设置”的“高级”页面）。</translation>
    </message>
    <message>
        <source>Try again. The log has the details.</source>
        <translation>请重试。详情请见日志。</translation>
    </message>
    <message>
        <source>“{url}” cannot be the address of an endpoint.</source>
        <translation>“{url}”不能作为端点的地址。</translation>
    </message>
    <message>
        <source>“{name}” cannot be the name of an endpoint.</source>
        <translation>“{name}”不能作为端点的名称。</translation>
    </message>
    <message>
        <source>Choose a name of at most {longest} letters, digits, spaces, hyphens, dots and underscores that begins with a letter or a digit.</source>
        <translation>名称最多 {longest} 个字符，可用字母、数字、空格、连字符、句点和下划线，并以字母或数字开头。</translation>
    </message>
    <message>
        <source>Type an address such as https://gpu.example.com, without a key in it.</source>
        <translation>请输入形如 https://gpu.example.com 的地址，其中不要包含密钥。</translation>
    </message>
    <message>
        <source>Use https; only an address on this machine may begin with http.</source>
        <translation>请使用 https；只有本机的地址可以用 http 开头。</translation>
    </message>
    <message>
        <source>Type https://queue.fal.run, where fal&apos;s queue is.</source>
        <translation>请输入 https://queue.fal.run，fal 的队列在这里。</translation>
    </message>
    <message>
        <source>This cannot be the name of an environment variable.</source>
        <translation>这不能作为环境变量的名称。</translation>
    </message>
    <message>
        <source>Type its name alone, such as FAL_KEY, and not the key itself.</source>
        <translation>请只输入变量名，例如 FAL_KEY，而不是密钥本身。</translation>
    </message>
    <message>
        <source>This cannot be the name of a model.</source>
        <translation>这不能作为模型的名称。</translation>
    </message>
    <message>
        <source>Type its name as the server lists it.</source>
        <translation>请按服务器列出的名称输入。</translation>
    </message>
    <message>
        <source>The template is no JSON object.</source>
        <translation>模板不是 JSON 对象。</translation>
    </message>
    <message>
        <source>Write what the worker takes as its input, with holes in quotes such as &quot;{hole}&quot;.</source>
        <translation>请写出工作进程所需的输入，占位符写在引号里，例如 &quot;{hole}&quot;。</translation>
    </message>
    <message>
        <source>The template has no place for the prompt.</source>
        <translation>模板中没有放提示词的位置。</translation>
    </message>
    <message>
        <source>Put &quot;{hole}&quot; where the worker expects it.</source>
        <translation>请在工作进程需要提示词的位置写上 &quot;{hole}&quot;。</translation>
    </message>
    <message>
        <source>This cannot be the price of a picture.</source>
        <translation>这不能作为一张图片的价格。</translation>
    </message>
    <message>
        <source>Type US dollars, such as 0.01.</source>
        <translation>请输入美元金额，例如 0.01。</translation>
    </message>
    <message>
        <source>There is no endpoint called “{name}”.</source>
        <translation>没有名为“{name}”的端点。</translation>
    </message>
    <message>
        <source>Add it first.</source>
        <translation>请先添加。</translation>
    </message>
    <message>
        <source>“{name}” is the name of something else here.</source>
        <translation>“{name}”在这里已是其他项目的名称。</translation>
    </message>
    <message>
        <source>There is an endpoint called “{name}” already.</source>
        <translation>已经有名为“{name}”的端点。</translation>
    </message>
    <message>
        <source>Choose another name, or remove that one first.</source>
        <translation>请换一个名称，或先移除已有的那个。</translation>
    </message>
    <message>
        <source>The endpoints could not be saved</source>
        <translation>无法保存端点</translation>
    </message>
    <message>
        <source>{doing}: {reason} (“{folder}”).</source>
        <translation>{doing}：{reason}（“{folder}”）。</translation>
    </message>
    <message>
        <source>{doing}: the disk is full.</source>
        <translation>{doing}：磁盘已满。</translation>
    </message>
    <message>
        <source>Free some space on the disk of “{folder}” and try again.</source>
        <translation>请在“{folder}”所在的磁盘上腾出一些空间，然后重试。</translation>
    </message>
    <message>
        <source>{doing}: the folder “{folder}” cannot be written to.</source>
        <translation>{doing}：无法写入文件夹“{folder}”。</translation>
    </message>
    <message>
        <source>{doing}: the name is too long.</source>
        <translation>{doing}：名称过长。</translation>
    </message>
    <message>
        <source>Choose a shorter name.</source>
        <translation>请选择较短的名称。</translation>
    </message>
    <message>
        <source>{doing}: “{folder}” is no folder that can be used.</source>
        <translation>{doing}：“{folder}”不是可用的文件夹。</translation>
    </message>
    <message>
        <source>Use the parts of one and the same model.</source>
        <translation>请使用同一个模型的各个部分。</translation>
    </message>
    <message>
        <source>{path} is missing.</source>
        <translation>缺少 {path}。</translation>
    </message>
    <message>
        <source>There is no model in {path}.</source>
        <translation>{path} 中没有模型。</translation>
    </message>
    <message>
        <source>{folder} holds {kind}, not SANA.</source>
        <translation>{folder} 里是 {kind}，不是 SANA。</translation>
    </message>
    <message>
        <source>{folder}: the transformer and the vae do not belong together.</source>
        <translation>{folder}：transformer 与 vae 不匹配。</translation>
    </message>
    <message>
        <source>{folder}: the transformer and the text encoder do not belong together.</source>
        <translation>{folder}：transformer 与文本编码器不匹配。</translation>
    </message>
    <message>
        <source>{folder}: model_index.json and transformer/config.json disagree.</source>
        <translation>{folder}：model_index.json 与 transformer/config.json 不一致。</translation>
    </message>
    <message>
        <source>{path} is a pickle, which can hide harmful code, so it is not opened.</source>
        <translation>{path} 是 pickle 文件，可能藏有恶意代码，因此不会打开。</translation>
    </message>
    <message>
        <source>{path} is a single file, not a checkpoint in diffusers layout.</source>
        <translation>{path} 是单个文件，不是 diffusers 格式的检查点。</translation>
    </message>
    <message>
        <source>There is no folder {path}.</source>
        <translation>没有文件夹 {path}。</translation>
    </message>
    <message>
        <source>{path} describes {kind}, not {architecture}.</source>
        <translation>{path} 描述的是 {kind}，而不是 {architecture}。</translation>
    </message>
    <message>
        <source>{folder} is already quantized, which is not supported.</source>
        <translation>{folder} 已经过量化，应用不支持。</translation>
    </message>
    <message>
        <source>{path} lacks {key}.</source>
        <translation>{path} 缺少 {key}。</translation>
    </message>
    <message>
        <source>Use the config.json that belongs to the weights.</source>
        <translation>请使用与权重配套的 config.json。</translation>
    </message>
    <message>
        <source>{path} is damaged: {key} is {value}.</source>
        <translation>{path} 已损坏：{key} 的值为 {value}。</translation>
    </message>
    <message>
        <source>{path} asks for {key} = {value}, which is not supported.</source>
        <translation>{path} 要求 {key} = {value}，这不受支持。</translation>
    </message>
    <message>
        <source>{path} is damaged: {key} has {count} entries, not {wanted}.</source>
        <translation>{path} 已损坏：{key} 有 {count} 项，而不是 {wanted} 项。</translation>
    </message>
    <message>
        <source>Choose the folder of a ControlNet in diffusers layout, or one of a pipeline with controlnet/ in it.</source>
        <translation>请选择 diffusers 格式的 ControlNet 文件夹，或包含 controlnet/ 的管线文件夹。</translation>
    </message>
    <message>
        <source>{family} with {blocks} blocks, {width} wide in {heads} heads, for {latents} latent channels in patches of {patch} and {caption} channels of the prompt</source>
        <translation>{family}（{blocks} 层，宽度 {width}，{heads} 个注意力头，{latents} 个潜变量通道，分块 {patch}，提示词 {caption} 个通道）</translation>
    </message>
    <message>
        <source>The ControlNet “{name}” does not fit “{model}”: it was made for {wanted}, and this is {found}.</source>
        <translation>ControlNet“{name}”不适用于“{model}”：它是为 {wanted} 制作的，而这是 {found}。</translation>
    </message>
    <message>
        <source>Choose the model that it was made for, or another ControlNet.</source>
        <translation>请选择它所对应的模型，或另一个 ControlNet。</translation>
    </message>
    <message>
        <source>There is no ControlNet in {path}.</source>
        <translation>{path} 中没有 ControlNet。</translation>
    </message>
    <message>
        <source>{path} is a file, not the folder of a ControlNet.</source>
        <translation>{path} 是文件，而不是 ControlNet 的文件夹。</translation>
    </message>
    <message>
        <source>at least {n}</source>
        <translation>至少 {n}</translation>
    </message>
    <message>
        <source>Choose a folder of FLUX.2 klein, Z-Image or FLUX.1 schnell, in diffusers layout or packed by mflux.</source>
        <translation>请选择 FLUX.2 klein、Z-Image 或 FLUX.1 schnell 的文件夹，须为 diffusers 布局或由 mflux 打包。</translation>
    </message>
    <message>
        <source>{folder} holds an unknown model.</source>
        <translation>{folder} 中的模型无法识别。</translation>
    </message>
    <message>
        <source>The weights in {path} are none of an autoencoder.</source>
        <translation>{path} 中的权重不是自动编码器的。</translation>
    </message>
    <message>
        <source>Choose the model that it was made for, and add the LoRA to that.</source>
        <translation>选择它所针对的模型，再把 LoRA 添加上去。</translation>
    </message>
    <message>
        <source>The repository lacks the weights of {component}.</source>
        <translation>仓库中缺少 {component} 的权重。</translation>
    </message>
    <message>
        <source>The repository has {component} only as a pickle, which can hide harmful code.</source>
        <translation>仓库中的 {component} 只有 pickle 文件，可能藏有恶意代码。</translation>
    </message>
    <message>
        <source>Free some space on the disk of {folder}, or set HF_HOME to a folder on another disk.</source>
        <translation>请在 {folder} 所在的磁盘上腾出一些空间，或将 HF_HOME 设为另一磁盘上的文件夹。</translation>
    </message>
    <message>
        <source>The repository lacks {path}.</source>
        <translation>仓库中缺少 {path}。</translation>
    </message>
    <message>
        <source>Its scheduler names no flow shift; {usual:g} is used, with which SANA-Video was trained.</source>
        <translation>其调度器未指定流偏移；将使用 SANA-Video 训练时的 {usual:g}。</translation>
    </message>
    <message>
        <source>{path} of {name} arrived damaged twice.</source>
        <translation>{name} 的 {path} 两次下载后都已损坏。</translation>
    </message>
    <message>
        <source>{path} cannot be read: {reason}.</source>
        <translation>无法读取 {path}：{reason}。</translation>
    </message>
    <message>
        <source>{path} is truncated: it ends within its header.</source>
        <translation>{path} 不完整：文件在文件头中就结束了。</translation>
    </message>
    <message>
        <source>{path} is truncated: {size:,} of {expected:,} bytes are there.</source>
        <translation>{path} 不完整：{expected:,} 字节中只有 {size:,} 字节。</translation>
    </message>
    <message>
        <source>{path} is damaged: it is longer than its header says.</source>
        <translation>{path} 已损坏：它比文件头所述更长。</translation>
    </message>
    <message>
        <source>{path} is damaged: it does not describe anything.</source>
        <translation>{path} 已损坏：其中没有任何描述。</translation>
    </message>
    <message>
        <source>{path} is damaged: its header makes no sense.</source>
        <translation>{path} 已损坏：文件头无法解读。</translation>
    </message>
    <message>
        <source>{path} is too large for a description file.</source>
        <translation>{path} 作为描述文件过大。</translation>
    </message>
    <message>
        <source>{path} is damaged: it is not JSON.</source>
        <translation>{path} 已损坏：它不是 JSON。</translation>
    </message>
    <message>
        <source>{path} is damaged: it is not a safetensors file.</source>
        <translation>{path} 已损坏：它不是 safetensors 文件。</translation>
    </message>
    <message>
        <source>The frames could not be saved</source>
        <translation>无法保存画面</translation>
    </message>
    <message>
        <source>There is no clip “{name}” in “{parent}”.</source>
        <translation>“{parent}”中没有片段“{name}”。</translation>
    </message>
    <message>
        <source>Choose a clip.</source>
        <translation>请选择一个视频片段。</translation>
    </message>
    <message>
        <source>Fetch or copy the clip again.</source>
        <translation>请重新下载或复制该片段。</translation>
    </message>
    <message>
        <source>“{name}” is too large, or says that it is.</source>
        <translation>“{name}”太大，或自称很大。</translation>
    </message>
    <message>
        <source>Use a shorter or smaller copy of it.</source>
        <translation>请使用更短或更小的副本。</translation>
    </message>
    <message>
        <source>“{name}” is no clip that can be read, or it is damaged.</source>
        <translation>“{name}”不是可读取的视频片段，或已损坏。</translation>
    </message>
    <message>
        <source>Use a whole MP4, GIF or WebP file.</source>
        <translation>请使用完整的 MP4、GIF 或 WebP 文件。</translation>
    </message>
    <message>
        <source>“{name}” is no name for a clip.</source>
        <translation>“{name}”不能用作视频片段的文件名。</translation>
    </message>
    <message>
        <source>Export one of its frames as JPEG or PNG.</source>
        <translation>请将其中一帧导出为 JPEG 或 PNG。</translation>
    </message>
    <message>
        <source>When this computer cannot make pictures quickly, prompts are sent to Replicate or to an endpoint of yours, which may charge your account.</source>
        <translation>当本机无法快速生成图片时，提示词会发送到 Replicate 或您的端点，可能会向您的账户收费。</translation>
    </message>
    <message>
        <source>Loads what makes the pictures before you press Generate, so that the first picture comes sooner. It takes about 400 MB and what the model needs, and is left out where memory is short.</source>
        <translation>在您点击“生成”之前先加载生成图片所需的内容，让第一张图片更快出现。约占用 400 MB 内存以及模型所需的内存；内存不足时不会加载。</translation>
    </message>
    <message>
        <source>Of exported clips.</source>
        <translation>用于导出的视频。</translation>
    </message>
    <message>
        <source>Servers of your own</source>
        <translation>您自己的服务器</translation>
    </message>
    <message>
        <source>Those that pictures may be sent to.</source>
        <translation>允许向其发送图片的服务器。</translation>
    </message>
    <message>
        <source>{n} of {total} were exported to “{folder}”, but not {names}: {reason}</source>
        <translation>{total} 项中有 {n} 项已导出到“{folder}”，但 {names} 没有：{reason}</translation>
    </message>
    <message>
        <source>{n} could not be exported: {names}</source>
        <translation>有 {n} 项无法导出：{names}</translation>
    </message>
    <message>
        <source>{n} could not be deleted: {names}</source>
        <translation>有 {n} 项无法删除：{names}</translation>
    </message>
    <message>
        <source>{n} could not be brought back: {names}</source>
        <translation>有 {n} 项无法恢复：{names}</translation>
    </message>
    <message>
        <source>The first frame “{name}” is not here any more.</source>
        <translation>首帧“{name}”已不在这里。</translation>
    </message>
    <message>
        <source>The mask “{name}” is not here any more.</source>
        <translation>蒙版“{name}”已不在原处。</translation>
    </message>
    <message>
        <source>There is a key and the name of a variable.</source>
        <translation>同时填写了密钥和环境变量名。</translation>
    </message>
    <message>
        <source>Leave one of them empty.</source>
        <translation>请只填写其中一项。</translation>
    </message>
    <message>
        <source>The key is kept until you quit.</source>
        <translation>密钥会保留到您退出为止。</translation>
    </message>
    <message>
        <source>Server with OpenAI&apos;s images interface</source>
        <translation>兼容 OpenAI 图片接口的服务器</translation>
    </message>
    <message>
        <source>SGLang, vLLM-Omni, LocalAI or Together: on Modal, in a RunPod pod or on a computer of your own. Type what comes before /v1 in its address.</source>
        <translation>SGLang、vLLM-Omni、LocalAI 或 Together：在 Modal、RunPod pod 或您自己的电脑上。请输入其地址中 /v1 之前的部分。</translation>
    </message>
    <message>
        <source>Four Sana models, paid by the picture. Make a key at fal.ai.</source>
        <translation>四个 Sana 模型，按图片付费。请在 fal.ai 创建密钥。</translation>
    </message>
    <message>
        <source>A worker of your own, such as worker-comfyui. Its address ends in the endpoint&apos;s id.</source>
        <translation>您自己的 worker，例如 worker-comfyui。其地址以端点 ID 结尾。</translation>
    </message>
    <message>
        <source>An Inference Endpoint of yours for text-to-image.</source>
        <translation>您自己的文生图 Inference Endpoint。</translation>
    </message>
    <message>
        <source>The program could not be started.</source>
        <translation>无法启动程序。</translation>
    </message>
    <message>
        <source>Another model is being made smaller.</source>
        <translation>另一个模型正在缩小。</translation>
    </message>
    <message>
        <source>Wait until it is done.</source>
        <translation>请等它完成。</translation>
    </message>
    <message>
        <source>The picture that “{name}” was made from cannot be found.</source>
        <translation>找不到“{name}”的来源图片。</translation>
    </message>
    <message>
        <source>It may have been changed, moved or deleted. Select two pictures to compare them.</source>
        <translation>它可能已被修改、移动或删除。也可以选择两张图片来对比。</translation>
    </message>
    <message>
        <source>“{first}” and “{second}” differ in their shapes.</source>
        <translation>“{first}”与“{second}”形状不同。</translation>
    </message>
    <message>
        <source>Choose two pictures of the same shape, or compare them side by side.</source>
        <translation>请选择两张形状相同的图片，或并排对比。</translation>
    </message>
    <message>
        <source>the enlarged picture</source>
        <translation>放大后的图片</translation>
    </message>
    <message>
        <source>Enter your Hugging Face token in Settings under Models, or with: sana-studio keys set huggingface</source>
        <translation>请在“设置”的“模型”中输入 Hugging Face 令牌，或运行：sana-studio keys set huggingface</translation>
    </message>
    <message>
        <source>{host} has a problem (error {status}).</source>
        <translation>{host} 出现问题（错误 {status}）。</translation>
    </message>
    <message>
        <source>{endpoint} does not answer like Hugging Face.</source>
        <translation>{endpoint} 的响应不像 Hugging Face。</translation>
    </message>
    <message>
        <source>Your Hugging Face token contains characters that no token has.</source>
        <translation>您的 Hugging Face 令牌含有令牌中不会出现的字符。</translation>
    </message>
    <message>
        <source>{host} does not answer.</source>
        <translation>{host} 没有响应。</translation>
    </message>
    <message>
        <source>{host} cannot be reached.</source>
        <translation>无法连接 {host}。</translation>
    </message>
    <message>
        <source>The owner of {repo} wants to know who downloads it.</source>
        <translation>{repo} 的所有者要求登记下载者。</translation>
    </message>
    <message>
        <source>{host} does not accept your token.</source>
        <translation>{host} 不接受您的令牌。</translation>
    </message>
    <message>
        <source>{repo} needs a token, or it does not exist any more.</source>
        <translation>{repo} 需要令牌，或者已不存在。</translation>
    </message>
    <message>
        <source>{host} has had too many requests from here.</source>
        <translation>从这里发往 {host} 的请求过多。</translation>
    </message>
    <message>
        <source>Copy it again from {address}.</source>
        <translation>请从 {address} 重新复制。</translation>
    </message>
    <message>
        <source>Ask for access at {address}.</source>
        <translation>请在 {address} 申请访问权限。</translation>
    </message>
    <message>
        <source>Make a new one at {address}.</source>
        <translation>请在 {address} 新建一个。</translation>
    </message>
    <message>
        <source>{host} does not have {file} of {repo}.</source>
        <translation>{host} 上没有 {repo} 的 {file}。</translation>
    </message>
    <message>
        <source>{host} does not have {repo}.</source>
        <translation>{host} 上没有 {repo}。</translation>
    </message>
    <message>
        <source>Choose the model that it was made for.</source>
        <translation>请选择它所对应的模型。</translation>
    </message>
    <message>
        <source>{path} is a ControlNet: it guides a model and makes no pictures by itself.</source>
        <translation>{path} 是 ControlNet：它用来引导模型，自身不能生成图片。</translation>
    </message>
    <message>
        <source>{path} is a LoRA: it changes a model and makes no pictures by itself.</source>
        <translation>{path} 是 LoRA：它用来修改模型，自身不能生成图片。</translation>
    </message>
    <message>
        <source>{folder} holds a LoRA: it changes a model and makes no pictures by itself.</source>
        <translation>{folder} 里是 LoRA：它用来修改模型，自身不能生成图片。</translation>
    </message>
    <message>
        <source>It asks for a scheduler that the app does not have ({missing}); {used} is used instead.</source>
        <translation>它要求的调度器本应用没有（{missing}），改用 {used}。</translation>
    </message>
    <message>
        <source>{path} is damaged: the shift is {value}.</source>
        <translation>{path} 已损坏：shift 的值为 {value}。</translation>
    </message>
    <message>
        <source>Get it in Settings under Models, or with: sana-studio models download {model}</source>
        <translation>请在“设置”的“模型”页面下载，或使用命令：sana-studio models download {model}</translation>
    </message>
    <message>
        <source>{name} is not on this computer yet.</source>
        <translation>{name} 还不在这台电脑上。</translation>
    </message>
    <message>
        <source>There is no model called “{model}”.</source>
        <translation>没有名为“{model}”的模型。</translation>
    </message>
    <message>
        <source>Choose one of: {names}.</source>
        <translation>请选择其中之一：{names}。</translation>
    </message>
    <message>
        <source>“{name}” does not fit “{model}”, which lacks some of its layers: {layers}.</source>
        <translation>“{name}”不适合“{model}”，后者缺少它的一些层：{layers}。</translation>
    </message>
    <message>
        <source>“{name}” was made for {family} and does not fit “{model}”.</source>
        <translation>“{name}”是为 {family} 制作的，不适合“{model}”。</translation>
    </message>
    <message>
        <source>“{name}” changes nothing in “{model}”, which has none of its layers: {layers}.</source>
        <translation>“{name}”不会改变“{model}”，后者没有它的任何层：{layers}。</translation>
    </message>
    <message>
        <source>it holds values that are not numbers, in {layer}</source>
        <translation>其中 {layer} 含有不是数字的值</translation>
    </message>
    <message>
        <source>There is no LoRA called “{name}” on this computer.</source>
        <translation>这台电脑上没有名为“{name}”的 LoRA。</translation>
    </message>
    <message>
        <source>Put its .safetensors file into “{folder}”, or leave it out.</source>
        <translation>把它的 .safetensors 文件放进“{folder}”，或者不用它。</translation>
    </message>
    <message>
        <source>Stable Diffusion 1.5</source>
        <translation>Stable Diffusion 1.5</translation>
    </message>
    <message>
        <source>Stable Diffusion 2</source>
        <translation>Stable Diffusion 2</translation>
    </message>
    <message>
        <source>Stable Diffusion XL</source>
        <translation>Stable Diffusion XL</translation>
    </message>
    <message>
        <source>Sana Starter</source>
        <translation>Sana Starter</translation>
    </message>
    <message>
        <source>Sana 0.6B</source>
        <translation>Sana 0.6B</translation>
    </message>
    <message>
        <source>Sana 1.6B</source>
        <translation>Sana 1.6B</translation>
    </message>
    <message>
        <source>Stable Diffusion 3</source>
        <translation>Stable Diffusion 3</translation>
    </message>
    <message>
        <source>FLUX</source>
        <translation>FLUX</translation>
    </message>
    <message>
        <source>Qwen-Image</source>
        <translation>Qwen-Image</translation>
    </message>
    <message>
        <source>Wan</source>
        <translation>Wan</translation>
    </message>
    <message>
        <source>Hunyuan</source>
        <translation>Hunyuan</translation>
    </message>
    <message>
        <source>Lumina</source>
        <translation>Lumina</translation>
    </message>
    <message>
        <source>{name} cannot be made smaller.</source>
        <translation>{name} 无法缩小占用。</translation>
    </message>
    <message>
        <source>Some models come in few bits already: see the list of models.</source>
        <translation>有些模型本身就是低位数的：请查看模型列表。</translation>
    </message>
    <message>
        <source>Its scheduler asks for no flow shift; SANA-Video was trained with {usual:g}.</source>
        <translation>它的调度器未要求流偏移；SANA-Video 训练时使用 {usual:g}。</translation>
    </message>
    <message>
        <source>{path} describes {kind}, which makes pictures and no clips.</source>
        <translation>{path} 描述的是 {kind}，它只能生成图片，不能生成视频。</translation>
    </message>
    <message>
        <source>Use the autoencoder that the video model was published with: Wan&apos;s or that of LTX-2.</source>
        <translation>请使用该视频模型发布时所带的自编码器：Wan 的或 LTX-2 的。</translation>
    </message>
    <message>
        <source>“{name}” does not fit “{model}”, in which these layers have another shape: {layers}.</source>
        <translation>“{name}”不适合“{model}”，其中这些层的形状不同：{layers}。</translation>
    </message>
    <message>
        <source>“{name}” was made for a model {width} wide and does not fit “{model}”, which is {own} wide.</source>
        <translation>“{name}”是为宽度 {width} 的模型制作的，不适合宽度为 {own} 的“{model}”。</translation>
    </message>
    <message>
        <source>PixArt</source>
        <translation>PixArt</translation>
    </message>
    <message>
        <source>LTX-Video</source>
        <translation>LTX-Video</translation>
    </message>
    <message>
        <source>SANA-Video</source>
        <translation>SANA-Video</translation>
    </message>
    <message>
        <source>PixArt or LTX-Video</source>
        <translation>PixArt 或 LTX-Video</translation>
    </message>
    <message>
        <source>Sana 4.8B</source>
        <translation>Sana 4.8B</translation>
    </message>
    <message>
        <source>Stable Diffusion</source>
        <translation>Stable Diffusion</translation>
    </message>
    <message>
        <source>a DoRA</source>
        <translation>DoRA</translation>
    </message>
    <message>
        <source>a LoHa</source>
        <translation>LoHa</translation>
    </message>
    <message>
        <source>a LoKr</source>
        <translation>LoKr</translation>
    </message>
    <message>
        <source>an OFT</source>
        <translation>OFT 权重</translation>
    </message>
    <message>
        <source>a GLoRA</source>
        <translation>GLoRA</translation>
    </message>
    <message>
        <source>an IA3</source>
        <translation>IA3 权重</translation>
    </message>
    <message>
        <source>a LoRA with a third factor</source>
        <translation>带第三个因子的 LoRA</translation>
    </message>
    <message>
        <source>a LoRA with whole weights in it</source>
        <translation>含有完整权重的 LoRA</translation>
    </message>
    <message>
        <source>a LoRA with biases</source>
        <translation>带偏置的 LoRA</translation>
    </message>
    <message>
        <source>Get the file again, or choose another one.</source>
        <translation>重新获取这个文件，或者选择另一个。</translation>
    </message>
    <message>
        <source>Choose another LoRA.</source>
        <translation>选择另一个 LoRA。</translation>
    </message>
    <message>
        <source>Choose a LoRA that was made for this model, or the model that it was made for.</source>
        <translation>选择为此模型制作的 LoRA，或者选择它所针对的模型。</translation>
    </message>
    <message>
        <source>“{name}” is damaged: {reason}.</source>
        <translation>“{name}”已损坏：{reason}。</translation>
    </message>
    <message>
        <source>“{name}” is not in safetensors format; other formats can hide harmful code.</source>
        <translation>“{name}”不是 safetensors 格式；其他格式可能隐藏有害代码。</translation>
    </message>
    <message>
        <source>Use a LoRA that is a .safetensors file.</source>
        <translation>请使用 .safetensors 文件格式的 LoRA。</translation>
    </message>
    <message>
        <source>The LoRA “{name}” is not there.</source>
        <translation>LoRA“{name}”不存在。</translation>
    </message>
    <message>
        <source>“{name}” holds what is no part of a LoRA: {keys}.</source>
        <translation>“{name}”含有不属于 LoRA 的内容：{keys}。</translation>
    </message>
    <message>
        <source>“{name}” is no LoRA: it holds no low-rank weights.</source>
        <translation>“{name}”不是 LoRA：它没有低秩权重。</translation>
    </message>
    <message>
        <source>“{name}” was made for {family}, not for SANA.</source>
        <translation>“{name}”是为 {family} 制作的，不适用于 SANA。</translation>
    </message>
    <message>
        <source>“{name}” is {kind}, which is not supported.</source>
        <translation>“{name}”是{kind}，不受支持。</translation>
    </message>
    <message>
        <source>Use a plain LoRA: pairs of low-rank weights.</source>
        <translation>请使用普通的 LoRA：成对的低秩权重。</translation>
    </message>
    <message>
        <source>“{name}” also changes the text encoder, which is not supported: {keys}.</source>
        <translation>“{name}”还会改变文本编码器，这不受支持：{keys}。</translation>
    </message>
    <message>
        <source>Use a LoRA that changes the transformer alone.</source>
        <translation>请使用只改变 transformer 的 LoRA。</translation>
    </message>
    <message>
        <source>the factors of {layer} are of different ranks</source>
        <translation>{layer} 的两个因子的秩不同</translation>
    </message>
    <message>
        <source>the alpha of {layer} makes no sense</source>
        <translation>{layer} 的 alpha 没有意义</translation>
    </message>
    <message>
        <source>“{name}” is damaged: its metadata make no sense.</source>
        <translation>“{name}”已损坏：其元数据没有意义。</translation>
    </message>
    <message>
        <source>the alpha of {layer} is not a number</source>
        <translation>{layer} 的 alpha 不是数字</translation>
    </message>
    <message>
        <source>“{name}” is stored as {kind}, which is not supported.</source>
        <translation>“{name}”以 {kind} 存储，不受支持。</translation>
    </message>
    <message>
        <source>Choose one of: {names}; or the folder of a checkpoint in diffusers layout.</source>
        <translation>请选择其中之一：{names}；或 diffusers 格式检查点的文件夹。</translation>
    </message>
    <message>
        <source>There is no ControlNet called “{model}”.</source>
        <translation>没有名为“{model}”的 ControlNet。</translation>
    </message>
    <message>
        <source>Choose one of: {names}; or the folder of a ControlNet.</source>
        <translation>请选择其中之一：{names}；或选择 ControlNet 的文件夹。</translation>
    </message>
    <message>
        <source>The licence of {name} has not been accepted.</source>
        <translation>尚未同意 {name} 的许可。</translation>
    </message>
    <message>
        <source>Read it at {address}.</source>
        <translation>请在 {address} 阅读。</translation>
    </message>
    <message>
        <source>{name} does not run here yet: {why}</source>
        <translation>{name} 目前还不能在这里运行：{why}</translation>
    </message>
    <message>
        <source>{name} comes with the app and cannot be removed.</source>
        <translation>{name} 随应用附带，不能移除。</translation>
    </message>
    <message>
        <source>There is nothing of {name} to give back.</source>
        <translation>{name} 没有可以释放的文件。</translation>
    </message>
    <message>
        <source>Choose a model that was downloaded whole.</source>
        <translation>请选择一个完整下载的模型。</translation>
    </message>
    <message>
        <source>{name} is damaged.</source>
        <translation>{name} 已损坏。</translation>
    </message>
    <message>
        <source>{name} is not complete.</source>
        <translation>{name} 不完整。</translation>
    </message>
    <message>
        <source>The download goes on where it was.</source>
        <translation>下载会从中断处继续。</translation>
    </message>
    <message>
        <source>{name} could not be removed</source>
        <translation>无法移除 {name}</translation>
    </message>
    <message>
        <source>{path} is a whole model and takes nothing from “{base}”.</source>
        <translation>{path} 是完整的模型，不需要“{base}”的任何部分。</translation>
    </message>
    <message>
        <source>Leave that out.</source>
        <translation>请把它去掉。</translation>
    </message>
    <message>
        <source>{path} is damaged: it does not say what it was made of.</source>
        <translation>{path} 已损坏：其中没有说明它由什么转换而来。</translation>
    </message>
    <message>
        <source>{tensor} is missing</source>
        <translation>缺少 {tensor}</translation>
    </message>
    <message>
        <source>{tensor} has no place in it</source>
        <translation>{tensor} 是多余的</translation>
    </message>
    <message>
        <source>{tensor} is {shape} rather than {wanted}</source>
        <translation>{tensor} 的形状是 {shape}，应为 {wanted}</translation>
    </message>
    <message>
        <source>{problems} (and {more} more)</source>
        <translation>{problems}（另有 {more} 项）</translation>
    </message>
    <message>
        <source>{name} fits several models and does not say which it was made from: {models}.</source>
        <translation>{name} 适合多个模型，却没有说明由哪一个制作：{models}。</translation>
    </message>
    <message>
        <source>Choose one in Settings under Models, or name it like this: {path}@{base}</source>
        <translation>请在“设置”的“模型”中选择一个，或这样指定：{path}@{base}</translation>
    </message>
    <message>
        <source>{path} does not hold a SANA transformer.</source>
        <translation>{path} 中没有 SANA 的 transformer。</translation>
    </message>
    <message>
        <source>{path} fits none of the models on this computer.</source>
        <translation>{path} 不适合这台电脑上的任何模型。</translation>
    </message>
    <message>
        <source>{name} does not fit the model “{model}”.</source>
        <translation>{name} 不适合模型“{model}”。</translation>
    </message>
    <message>
        <source>It fits: {names}.</source>
        <translation>它适合：{names}。</translation>
    </message>
    <message>
        <source>Everything but the transformer is that of “{name}”.</source>
        <translation>除 transformer 外，其余部分都取自“{name}”。</translation>
    </message>
    <message>
        <source>{path} is stored as {types}, which is not supported.</source>
        <translation>{path} 以 {types} 存储，应用不支持。</translation>
    </message>
    <message>
        <source>{path} is damaged: it names no weights.</source>
        <translation>{path} 已损坏：其中没有列出权重。</translation>
    </message>
    <message>
        <source>{path} is incomplete: it lacks some of its weights.</source>
        <translation>{path} 不完整：缺少部分权重。</translation>
    </message>
    <message>
        <source>{path} names a weight file that is not allowed: {name}.</source>
        <translation>{path} 列出了不允许的权重文件：{name}。</translation>
    </message>
    <message>
        <source>The proxy that this system names cannot be used.</source>
        <translation>无法使用此系统指定的代理。</translation>
    </message>
    <message>
        <source>Its address has to begin with http://, https:// or socks5://. Look at the variables ALL_PROXY, HTTPS_PROXY, HTTP_PROXY and NO_PROXY, or at the system&apos;s network settings.</source>
        <translation>代理地址必须以 http://、https:// 或 socks5:// 开头。请检查环境变量 ALL_PROXY、HTTPS_PROXY、HTTP_PROXY 和 NO_PROXY，或系统的网络设置。</translation>
    </message>
    <message>
        <source>No edges were found in the control picture.</source>
        <translation>在参考图片中没有找到边缘。</translation>
    </message>
    <message>
        <source>Choose one with clearer outlines.</source>
        <translation>请选择轮廓更清晰的图片。</translation>
    </message>
    <message>
        <source>“{name}” could not be exported</source>
        <translation>无法导出“{name}”</translation>
    </message>
    <message>
        <source>Enlarged {factor} times with {name} and refined with {model}.</source>
        <translation>用 {name} 放大了 {factor} 倍，并用 {model} 细化。</translation>
    </message>
    <message>
        <source>Save the picture in the browser, then drop the file here.</source>
        <translation>请先在浏览器中保存图片，再把文件拖到这里。</translation>
    </message>
    <message>
        <source>“{host}” is an address of this machine or its network.</source>
        <translation>“{host}”是本机或本地网络的地址。</translation>
    </message>
    <message>
        <source>The picture could not be fetched: {reason}.</source>
        <translation>无法获取图片：{reason}。</translation>
    </message>
    <message>
        <source>Pictures are fetched from addresses that begin with https:// only.</source>
        <translation>只从以 https:// 开头的地址获取图片。</translation>
    </message>
    <message>
        <source>the server answered {status}</source>
        <translation>服务器返回 {status}</translation>
    </message>
    <message>
        <source>that address leads to no picture</source>
        <translation>该地址不是图片</translation>
    </message>
    <message>
        <source>“{name}” only says where the picture is: Git LFS has not fetched it.</source>
        <translation>“{name}”只记录了图片的位置：Git LFS 尚未取回该图片。</translation>
    </message>
    <message>
        <source>Run git lfs pull, then try again.</source>
        <translation>请运行 git lfs pull，然后重试。</translation>
    </message>
    <message>
        <source>“{name}” cannot be read: its format is {kind}.</source>
        <translation>无法读取“{name}”：其格式为 {kind}。</translation>
    </message>
    <message>
        <source>The folder “{folder}” may not be read.</source>
        <translation>没有权限读取文件夹“{folder}”。</translation>
    </message>
    <message>
        <source>“{name}” is no name for a picture.</source>
        <translation>“{name}”不能用作图片的名称。</translation>
    </message>
    <message>
        <source>“{name}” carries too much text to be read.</source>
        <translation>“{name}”中的文本过多，无法读取。</translation>
    </message>
    <message>
        <source>“{name}” is not complete: its end is missing.</source>
        <translation>“{name}”不完整：缺少末尾部分。</translation>
    </message>
    <message>
        <source>“{name}” is too large.</source>
        <translation>“{name}”太大。</translation>
    </message>
    <message>
        <source>There is no picture “{name}” in “{parent}”.</source>
        <translation>“{parent}”中没有图片“{name}”。</translation>
    </message>
    <message>
        <source>“{name}” may not be read.</source>
        <translation>没有权限读取“{name}”。</translation>
    </message>
    <message>
        <source>“{name}” is a folder.</source>
        <translation>“{name}”是文件夹。</translation>
    </message>
    <message>
        <source>“{name}” has too many pixels.</source>
        <translation>“{name}”的像素过多。</translation>
    </message>
    <message>
        <source>“{name}” is no picture that can be read, or it is damaged.</source>
        <translation>“{name}”不是可读取的图片，或已损坏。</translation>
    </message>
    <message>
        <source>The picture “{name}” is gone.</source>
        <translation>图片“{name}”已不存在。</translation>
    </message>
    <message>
        <source>“{name}” could not be deleted</source>
        <translation>无法删除“{name}”</translation>
    </message>
    <message>
        <source>“{name}” is no longer here.</source>
        <translation>“{name}”已不在这里。</translation>
    </message>
    <message>
        <source>“{name}” could not be put back</source>
        <translation>无法放回“{name}”</translation>
    </message>
    <message>
        <source>Choose a number from {low:g} to {high:g}.</source>
        <translation>请选择 {low:g} 到 {high:g} 之间的数。</translation>
    </message>
    <message>
        <source>Choose a whole number from {low:g} to {high:g}.</source>
        <translation>请选择 {low:g} 到 {high:g} 之间的整数。</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Full (float32)</source>
        <translation>全精度 (float32)</translation>
    </message>
    <message>
        <source>Half (bfloat16)</source>
        <translation>半精度 (bfloat16)</translation>
    </message>
    <message>
        <source>Pictures folder</source>
        <translation>图片文件夹</translation>
    </message>
    <message>
        <source>Where new pictures are saved. Leave it empty for “Sana Studio” in your Pictures folder.</source>
        <translation>新图片的保存位置。留空则使用“图片”文件夹中的“Sana Studio”。</translation>
    </message>
    <message>
        <source>File format</source>
        <translation>文件格式</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Light or dark colours, or the same as the system.</source>
        <translation>浅色、深色，或与系统一致。</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>The language of the window. Prompts may be in any language.</source>
        <translation>窗口的语言。提示词可以用任何语言。</translation>
    </message>
    <message>
        <source>Notify me when a picture is ready</source>
        <translation>图片完成时通知我</translation>
    </message>
    <message>
        <source>Shows a notification when a picture is finished and the window is not in front.</source>
        <translation>图片完成而窗口不在最前时显示通知。</translation>
    </message>
    <message>
        <source>Look for updates</source>
        <translation>检查更新</translation>
    </message>
    <message>
        <source>Asks once a day whether there is a new version. Nothing but the question is sent.</source>
        <translation>每天查询一次是否有新版本，除查询本身外不发送任何内容。</translation>
    </message>
    <message>
        <source>Make pictures with</source>
        <translation>生成图片使用</translation>
    </message>
    <message>
        <source>Automatic takes the fastest way that is ready on this computer.</source>
        <translation>“自动”会选用这台电脑上已就绪的最快方式。</translation>
    </message>
    <message>
        <source>The prompt is too long; its end is left out: {text}</source>
        <translation>提示词过长，末尾部分被略去：{text}</translation>
    </message>
    <message>
        <source>“{name}” is damaged: its header makes no sense.</source>
        <translation>“{name}”已损坏：其文件头没有意义。</translation>
    </message>
    <message>
        <source>The clip could not be saved</source>
        <translation>无法保存视频</translation>
    </message>
    <message>
        <source>Export it as JPEG or PNG.</source>
        <translation>请将它导出为 JPEG 或 PNG。</translation>
    </message>
    <message>
        <source>Choose a name that ends in {suffixes}.</source>
        <translation>请选择以 {suffixes} 结尾的名称。</translation>
    </message>
    <message>
        <source>What came is no picture that can be read.</source>
        <translation>收到的不是可读取的图片。</translation>
    </message>
    <message>
        <source>Save it as PNG or JPEG, and drop the file.</source>
        <translation>请存为 PNG 或 JPEG，再把文件拖进来。</translation>
    </message>
    <message>
        <source>The picture could not be kept</source>
        <translation>无法保存图片</translation>
    </message>
    <message>
        <source>An album needs a name.</source>
        <translation>相册需要一个名称。</translation>
    </message>
    <message>
        <source>Type one.</source>
        <translation>请输入名称。</translation>
    </message>
    <message>
        <source>There is an album “{name}” already.</source>
        <translation>已有名为“{name}”的相册。</translation>
    </message>
    <message>
        <source>Choose another name.</source>
        <translation>请换一个名称。</translation>
    </message>
    <message>
        <source>The rating could not be saved</source>
        <translation>无法保存评分</translation>
    </message>
    <message>
        <source>The album could not be saved</source>
        <translation>无法保存相册</translation>
    </message>
    <message>
        <source>An address must not contain a password.</source>
        <translation>地址中不能包含密码。</translation>
    </message>
    <message>
        <source>Leave out the part before the @. If a proxy asks for it, enter it as a header.</source>
        <translation>请去掉 @ 之前的部分。如果代理需要，请将其作为请求头输入。</translation>
    </message>
    <message>
        <source>Type an address such as {example}, or leave it empty.</source>
        <translation>请输入类似 {example} 的地址，或留空。</translation>
    </message>
    <message>
        <source>Show pictures in subfolders</source>
        <translation>显示子文件夹中的图片</translation>
    </message>
    <message>
        <source>The gallery then also shows what lies in folders inside the pictures folder.</source>
        <translation>图库还会显示图片文件夹内各文件夹中的图片。</translation>
    </message>
    <message>
        <source>PNG keeps every detail. JPEG, WebP and AVIF make smaller files. All of them keep the prompt and the settings inside the picture.</source>
        <translation>PNG 保留全部细节。JPEG、WebP 和 AVIF 文件更小。它们都把提示词和设置保存在图片中。</translation>
    </message>
    <message>
        <source>Suggest my own words</source>
        <translation>建议我用过的词</translation>
    </message>
    <message>
        <source>While a prompt is typed, shows how one of your earlier words goes on. Tab takes it.</source>
        <translation>输入提示词时，显示您以前用过的词如何接续。按 Tab 采用。</translation>
    </message>
    <message>
        <source>Wildcards folder</source>
        <translation>通配符文件夹</translation>
    </message>
    <message>
        <source>Text files with an alternative on each line: colours.txt is used by writing __colours__ in a prompt. Leave it empty for the app’s own folder.</source>
        <translation>每行一个备选项的文本文件：在提示词中写 __colours__ 即使用 colours.txt。留空则使用应用自己的文件夹。</translation>
    </message>
    <message>
        <source>Model for new pictures</source>
        <translation>新图片使用的模型</translation>
    </message>
    <message>
        <source>The model that is chosen when the window opens. The starter model comes with the app.</source>
        <translation>打开窗口时选用的模型。入门模型随应用附带。</translation>
    </message>
    <message>
        <source>LoRA folder</source>
        <translation>LoRA 文件夹</translation>
    </message>
    <message>
        <source>LoRAs in it can be added by name. Leave it empty for “LoRAs” in the app&apos;s own folder.</source>
        <translation>其中的 LoRA 可以按名称添加。留空则使用应用自己文件夹中的“LoRAs”。</translation>
    </message>
    <message>
        <source>Download models from</source>
        <translation>模型下载地址</translation>
    </message>
    <message>
        <source>The address of a mirror of Hugging Face, for places where it cannot be reached. Leave it empty for huggingface.co.</source>
        <translation>Hugging Face 镜像的地址，供无法访问它的地区使用。留空则使用 huggingface.co。</translation>
    </message>
    <message>
        <source>Work offline</source>
        <translation>离线工作</translation>
    </message>
    <message>
        <source>Never connects to the internet. Models that are already here still work.</source>
        <translation>从不连接互联网。已下载的模型仍可使用。</translation>
    </message>
    <message>
        <source>Let Automatic use the cloud</source>
        <translation>允许“自动”使用云端</translation>
    </message>
    <message>
        <source>Monthly limit in US dollars</source>
        <translation>每月限额（美元）</translation>
    </message>
    <message>
        <source>When this month&apos;s pictures would cost more, the app stops and asks.</source>
        <translation>本月的图片费用将超出限额时，应用会停下来询问您。</translation>
    </message>
    <message>
        <source>Free the memory after</source>
        <translation>释放内存前等待</translation>
    </message>
    <message>
        <source>After so many minutes without work, the model leaves the memory. The next picture then takes longer to start.</source>
        <translation>闲置这么多分钟后，模型将移出内存。之后的第一张图片需要更长时间才能开始。</translation>
    </message>
    <message>
        <source>Get ready in the background</source>
        <translation>在后台做好准备</translation>
    </message>
    <message>
        <source>Memory limit in GB</source>
        <translation>内存上限 (GB)</translation>
    </message>
    <message>
        <source>The most memory that a model may take. Automatic goes by the memory of this computer.</source>
        <translation>模型最多可占用的内存。“自动”会根据这台电脑的内存决定。</translation>
    </message>
    <message>
        <source>Include the prompt and the settings</source>
        <translation>包含提示词和设置</translation>
    </message>
    <message>
        <source>Whether exported pictures say how they were made.</source>
        <translation>导出的图片是否说明其生成方式。</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Of exported pictures.</source>
        <translation>导出图片的格式。</translation>
    </message>
    <message>
        <source>First run</source>
        <translation>首次运行</translation>
    </message>
    <message>
        <source>Whether the welcome was shown.</source>
        <translation>是否已显示欢迎界面。</translation>
    </message>
    <message>
        <source>{value} does not fit the setting “{setting}”.</source>
        <translation>{value} 不适用于设置“{setting}”。</translation>
    </message>
    <message>
        <source>Choose a number.</source>
        <translation>请输入一个数。</translation>
    </message>
    <message>
        <source>Always ask</source>
        <translation>每次询问</translation>
    </message>
    <message>
        <source>PNG</source>
        <translation>PNG</translation>
    </message>
    <message>
        <source>JPEG</source>
        <translation>JPEG</translation>
    </message>
    <message>
        <source>WebP</source>
        <translation>WebP</translation>
    </message>
    <message>
        <source>AVIF</source>
        <translation>AVIF</translation>
    </message>
    <message>
        <source>Same as the system</source>
        <translation>与系统一致</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>English</source>
        <translation>English</translation>
    </message>
    <message>
        <source>中文</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>Choose a folder.</source>
        <translation>请选择一个文件夹。</translation>
    </message>
    <message>
        <source>There is no style “{name}”.</source>
        <translation>没有样式“{name}”。</translation>
    </message>
    <message>
        <source>The styles could not be saved</source>
        <translation>无法保存样式</translation>
    </message>
    <message>
        <source>The list of versions cannot be read (status {status}).</source>
        <translation>无法读取版本列表（状态 {status}）。</translation>
    </message>
    <message>
        <source>There is no wildcard “{name}”.</source>
        <translation>没有通配符“{name}”。</translation>
    </message>
    <message>
        <source>Those that there are: {names}.</source>
        <translation>现有的通配符：{names}。</translation>
    </message>
    <message>
        <source>The wildcard file “{name}” is empty.</source>
        <translation>通配符文件“{name}”是空的。</translation>
    </message>
    <message>
        <source>Write one alternative on each line.</source>
        <translation>请每行写一个备选项。</translation>
    </message>
    <message>
        <source>Put a text file “{file}” into the folder {folder}.</source>
        <translation>请将文本文件“{file}”放入文件夹 {folder}。</translation>
    </message>
    <message>
        <source>The wildcard file “{name}” is too large.</source>
        <translation>通配符文件“{name}”过大。</translation>
    </message>
    <message>
        <source>It may have {lines} lines.</source>
        <translation>最多可有 {lines} 行。</translation>
    </message>
    <message>
        <source>The wildcard file “{name}” cannot be read.</source>
        <translation>无法读取通配符文件“{name}”。</translation>
    </message>
    <message>
        <source>Save it as plain text in UTF-8.</source>
        <translation>请将其保存为 UTF-8 纯文本。</translation>
    </message>
    <message>
        <source>That did not work: {error}</source>
        <translation>没有成功：{error}</translation>
    </message>
    <message>
        <source>The thumbnail of “{name}” cannot be read.</source>
        <translation>无法读取“{name}”的缩略图。</translation>
    </message>
    <message>
        <source>There is no way between these two pictures.</source>
        <translation>这两张图片之间没有过渡。</translation>
    </message>
    <message>
        <source>Choose two that were made here, one of them no variation.</source>
        <translation>请选择两张在这里生成的图片，其中一张不是变化图。</translation>
    </message>
    <message>
        <source>The control picture “{name}” is not here any more.</source>
        <translation>参考图片“{name}”已不在此处。</translation>
    </message>
    <message>
        <source>The LoRA “{name}” is not here any more.</source>
        <translation>LoRA“{name}”已不在这里。</translation>
    </message>
    <message>
        <source>The start picture “{name}” is not here any more.</source>
        <translation>起始图片“{name}”已不在这里。</translation>
    </message>
    <message>
        <source>Choose another one.</source>
        <translation>请另选一张。</translation>
    </message>
    <message>
        <source>The token is kept until you quit.</source>
        <translation>令牌将保留到您退出为止。</translation>
    </message>
    <message>
        <source>The test could not be started.</source>
        <translation>无法开始测试。</translation>
    </message>
    <message>
        <source>The settings could not be saved</source>
        <translation>无法保存设置</translation>
    </message>
    <message>
        <source>Choose the weights of a transformer, or the folder of a whole checkpoint.</source>
        <translation>请选择 transformer 的权重，或完整检查点的文件夹。</translation>
    </message>
    <message>
        <source>Download the model that it was made from: the file takes its text encoder and its autoencoder.</source>
        <translation>请下载它所基于的模型：此文件需要该模型的文本编码器和自编码器。</translation>
    </message>
    <message>
        <source>It was moved or deleted.</source>
        <translation>它已被移动或删除。</translation>
    </message>
    <message>
        <source>Look for it in the system&apos;s trash.</source>
        <translation>请在系统的废纸篓中查找。</translation>
    </message>
    <message>
        <source>This copy does not know where new versions are published.</source>
        <translation>此副本不知道新版本在何处发布。</translation>
    </message>
    <message>
        <source>Look at the place where you got it.</source>
        <translation>请到您获取它的地方查看。</translation>
    </message>
    <message>
        <source>The app works offline.</source>
        <translation>应用正在离线工作。</translation>
    </message>
    <message>
        <source>Allow connections in Settings, then look again.</source>
        <translation>请在“设置”中关闭“离线工作”，然后重新检查。</translation>
    </message>
    <message>
        <source>The list of versions makes no sense.</source>
        <translation>版本列表无法解读。</translation>
    </message>
    <message>
        <source>Try again later.</source>
        <translation>请稍后重试。</translation>
    </message>
    <message>
        <source>The list of versions is too long.</source>
        <translation>版本列表过长。</translation>
    </message>
    <message>
        <source>The list of versions cannot be reached.</source>
        <translation>无法获取版本列表。</translation>
    </message>
    <message>
        <source>Check the connection to the internet, then look again.</source>
        <translation>请检查互联网连接，然后重新检查。</translation>
    </message>
    <message>
        <source>Download the model again, or choose another folder.</source>
        <translation>请重新下载模型，或选择其他文件夹。</translation>
    </message>
    <message>
        <source>Check the folder&apos;s permissions.</source>
        <translation>请检查该文件夹的权限。</translation>
    </message>
    <message>
        <source>Use a checkpoint whose weights are safetensors files.</source>
        <translation>请使用权重为 safetensors 文件的检查点。</translation>
    </message>
    <message>
        <source>Use a checkpoint stored as float32, float16 or bfloat16; it can be made smaller when it is loaded.</source>
        <translation>请使用以 float32、float16 或 bfloat16 存储的检查点；载入时可以将其缩小。</translation>
    </message>
    <message>
        <source>Use a checkpoint from a source that you trust.</source>
        <translation>请使用来自可信来源的检查点。</translation>
    </message>
    <message>
        <source>4 bits</source>
        <translation>4 位</translation>
    </message>
    <message>
        <source>8 bits</source>
        <translation>8 位</translation>
    </message>
    <message>
        <source>half precision</source>
        <translation>半精度</translation>
    </message>
    <message>
        <source>full precision</source>
        <translation>全精度</translation>
    </message>
    <message>
        <source>Reading the prompt</source>
        <translation>正在读取提示词</translation>
    </message>
    <message>
        <source>Install the app again; for a copy from source, run: make setup</source>
        <translation>请重新安装应用；如果是从源代码运行，请执行：make setup</translation>
    </message>
    <message>
        <source>MLX needs a Mac with Apple silicon.</source>
        <translation>MLX 需要配备 Apple 芯片的 Mac。</translation>
    </message>
    <message>
        <source>Choose PyTorch or the cloud.</source>
        <translation>请选择 PyTorch 或云端。</translation>
    </message>
    <message>
        <source>It works on this Mac&apos;s GPU.</source>
        <translation>使用这台 Mac 的 GPU。</translation>
    </message>
    <message>
        <source>error {status}</source>
        <translation>错误 {status}</translation>
    </message>
    <message>
        <source>it does not answer in time</source>
        <translation>响应超时</translation>
    </message>
    <message>
        <source>there is no connection</source>
        <translation>没有网络连接</translation>
    </message>
    <message>
        <source>the system&apos;s proxy does not work</source>
        <translation>系统代理无法使用</translation>
    </message>
    <message>
        <source>the connection failed</source>
        <translation>连接失败</translation>
    </message>
    <message>
        <source>its answer cannot be understood</source>
        <translation>无法理解它的回答</translation>
    </message>
    <message>
        <source>Picture {number} of {count}: {problem}</source>
        <translation>第 {number} 张，共 {count} 张：{problem}</translation>
    </message>
    <message>
        <source>This would cost about {cost}, and this month&apos;s limit for the cloud is {limit}; {spent} of it is spent.</source>
        <translation>这将花费约 {cost}，而本月的云端限额为 {limit}，已用 {spent}。</translation>
    </message>
    <message>
        <source>Generate it anyway (up to ${agreed:.2f} this month), or raise the limit in Settings, Cloud.</source>
        <translation>您可以仍然生成（本月至多 ${agreed:.2f}），或在“设置”的“云端”页面提高限额。</translation>
    </message>
    <message>
        <source>“{name}” is no model at Replicate that this app knows.</source>
        <translation>“{name}”不是本应用所知的 Replicate 模型。</translation>
    </message>
    <message>
        <source>Choose {choices}.</source>
        <translation>请选择 {choices}。</translation>
    </message>
    <message>
        <source>Generate it again; that may be charged again.</source>
        <translation>请重新生成；可能会再次收费。</translation>
    </message>
    <message>
        <source>Generate it again; that is charged again.</source>
        <translation>请重新生成；会再次收费。</translation>
    </message>
    <message>
        <source>The picture is finished, but could not be fetched: {reason}.</source>
        <translation>图片已完成，但无法取回：{reason}。</translation>
    </message>
    <message>
        <source>it is larger than {megabytes} MB</source>
        <translation>它超过 {megabytes} MB</translation>
    </message>
    <message>
        <source>Change the prompt and generate again. This try may have been charged.</source>
        <translation>请修改提示词后重新生成。这次尝试可能已计费。</translation>
    </message>
    <message>
        <source>Choose another model, or look for an update of the app. This try may have been charged.</source>
        <translation>请选择其他模型，或查看应用是否有更新。这次尝试可能已计费。</translation>
    </message>
    <message>
        <source>its server answered {status}</source>
        <translation>其服务器返回了 {status}</translation>
    </message>
    <message>
        <source>it claims to have {width} × {height} pixels</source>
        <translation>它声称有 {width} × {height} 像素</translation>
    </message>
    <message>
        <source>Choose {least:g} to {most:g}.</source>
        <translation>请选择 {least:g} 到 {most:g}。</translation>
    </message>
    <message>
        <source>Choose at least {least:g}.</source>
        <translation>请选择不小于 {least:g} 的值。</translation>
    </message>
    <message>
        <source>Choose at most {most:g}.</source>
        <translation>请选择不大于 {most:g} 的值。</translation>
    </message>
    <message>
        <source>It was trained in float16, so its numbers are kept within that type&apos;s range.</source>
        <translation>它以 float16 训练，因此其数值会保持在该类型的范围内。</translation>
    </message>
    <message>
        <source>It works on the NVIDIA GPU.</source>
        <translation>使用 NVIDIA GPU。</translation>
    </message>
    <message>
        <source>It works on the processor, which is slow.</source>
        <translation>使用处理器，速度较慢。</translation>
    </message>
    <message>
        <source>{packages} cannot be found.</source>
        <translation>找不到 {packages}。</translation>
    </message>
    <message>
        <source>Choose a higher precision, or something else to run on, in Settings.</source>
        <translation>请在设置中选择更高的精度或其他运行方式。</translation>
    </message>
    <message>
        <source>Generated again in {safer}, because {place} broke down in {used}.</source>
        <translation>已重新生成：改用 {safer}，因为 {place} 在 {used} 下计算出错。</translation>
    </message>
    <message>
        <source>Loading {name}</source>
        <translation>正在载入 {name}</translation>
    </message>
    <message>
        <source>But the self-test failed in {precision}: pictures may be wrong.</source>
        <translation>但 {precision} 的自检未通过：图片可能有误。</translation>
    </message>
    <message>
        <source>Generating again in {safer}, because {place} broke down in {used}</source>
        <translation>正在重新生成：改用 {safer}，因为 {place} 在 {used} 下计算出错</translation>
    </message>
    <message>
        <source>“{name}” cannot be used: a value in one of its config.json files makes no sense.</source>
        <translation>无法使用“{name}”：它的某个 config.json 中有不合理的值。</translation>
    </message>
    <message>
        <source>“{name}” cannot start from a picture: its autoencoder comes without an encoder.</source>
        <translation>“{name}”不能从图片开始：它的自编码器没有编码器部分。</translation>
    </message>
    <message>
        <source>Leave the start picture out, or choose another model.</source>
        <translation>请去掉起始图片，或选择其他模型。</translation>
    </message>
    <message>
        <source>The weights in {path} do not fit their config.json: {reason}.</source>
        <translation>{path} 中的权重与其 config.json 不符：{reason}。</translation>
    </message>
    <message>
        <source>Use the weights and the config.json of one and the same model.</source>
        <translation>请使用同一个模型的权重和 config.json。</translation>
    </message>
    <message>
        <source>“{name}” cannot be used: MLX does not support what its files ask for ({detail}).</source>
        <translation>无法使用“{name}”：MLX 不支持其文件要求的内容（{detail}）。</translation>
    </message>
    <message>
        <source>Without OpenBLAS it is about twenty times slower than it could be.</source>
        <translation>没有 OpenBLAS，速度约慢二十倍。</translation>
    </message>
    <message>
        <source>On Debian: sudo apt-get install libopenblas0-pthread</source>
        <translation>在 Debian 上请执行：sudo apt-get install libopenblas0-pthread</translation>
    </message>
    <message>
        <source>the decoded picture</source>
        <translation>解码后的图片</translation>
    </message>
    <message>
        <source>The computation broke down: the picture came out as one flat colour.</source>
        <translation>计算出错：得到的图片只有单一颜色。</translation>
    </message>
    <message>
        <source>chosen by you</source>
        <translation>由您选择</translation>
    </message>
    <message>
        <source>Choose a smaller model, or the cloud.</source>
        <translation>请选择较小的模型或云端。</translation>
    </message>
    <message>
        <source>the cloud is faster than this machine&apos;s processor, and you agreed to it</source>
        <translation>云端比这台电脑的处理器更快，而且您已同意使用</translation>
    </message>
    <message>
        <source>it is the fastest way on this machine</source>
        <translation>这是这台电脑上最快的方式</translation>
    </message>
    <message>
        <source>it works on this machine&apos;s processor</source>
        <translation>使用这台电脑的处理器</translation>
    </message>
    <message>
        <source>Allow connections in Settings, Models.</source>
        <translation>请在“设置”的“模型”页面关闭“离线工作”。</translation>
    </message>
    <message>
        <source>Prompts are sent to Replicate, which charges for each picture.</source>
        <translation>提示词会发送到 Replicate，由其按图片收费。</translation>
    </message>
    <message>
        <source>Enter one in Settings, Cloud; replicate.com/account/api-tokens makes one.</source>
        <translation>请在“设置”的“云端”页面输入；可在 replicate.com/account/api-tokens 创建。</translation>
    </message>
    <message>
        <source>Copy and enter it again.</source>
        <translation>请重新拷贝并输入。</translation>
    </message>
    <message>
        <source>Choose another model, or look for an update of the app.</source>
        <translation>请选择其他模型，或检查应用是否有更新。</translation>
    </message>
    <message>
        <source>Check the internet connection and try again: the picture goes on there, and is fetched without being charged again.</source>
        <translation>请检查互联网连接后重试：图片仍在那里生成，取回时不会再次收费。</translation>
    </message>
    <message>
        <source>Try again: it has just become ready.</source>
        <translation>请重试：图片刚刚完成。</translation>
    </message>
    <message>
        <source>It was cancelled; try again later.</source>
        <translation>任务已取消；请稍后重试。</translation>
    </message>
    <message>
        <source>Try again, or change the prompt or the size.</source>
        <translation>请重试，或更改提示词或尺寸。</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>请重试。</translation>
    </message>
    <message>
        <source>Check the internet connection and try again.</source>
        <translation>请检查互联网连接后重试。</translation>
    </message>
    <message>
        <source>Check it in Settings, Cloud, or make a new one at replicate.com/account/api-tokens.</source>
        <translation>请在“设置”的“云端”页面检查密钥，或在 replicate.com/account/api-tokens 新建一个。</translation>
    </message>
    <message>
        <source>Add credit at replicate.com/account/billing, wait some minutes and try again.</source>
        <translation>请在 replicate.com/account/billing 充值，等几分钟后重试。</translation>
    </message>
    <message>
        <source>Use another key.</source>
        <translation>请使用其他密钥。</translation>
    </message>
    <message>
        <source>Choose another model.</source>
        <translation>请选择其他模型。</translation>
    </message>
    <message>
        <source>Change what it names and try again.</source>
        <translation>请更改其中指出的内容后重试。</translation>
    </message>
    <message>
        <source>Try again in some minutes.</source>
        <translation>请过几分钟重试。</translation>
    </message>
    <message>
        <source>its address is not safe</source>
        <translation>其地址不安全</translation>
    </message>
    <message>
        <source>it took too long</source>
        <translation>用时过长</translation>
    </message>
    <message>
        <source>what came is no whole picture</source>
        <translation>收到的不是完整的图片</translation>
    </message>
    <message>
        <source>The order could not be written down</source>
        <translation>无法记录此次提交</translation>
    </message>
    <message>
        <source>Choose a whole number.</source>
        <translation>请选择整数。</translation>
    </message>
    <message>
        <source>Install the app again; for a copy from source, run: make references</source>
        <translation>请重新安装应用；如果是从源代码运行，请执行：make references</translation>
    </message>
    <message>
        <source>Test the starter model instead: leave out --model.</source>
        <translation>请改为测试入门模型：省略 --model。</translation>
    </message>
    <message>
        <source>Its weights may be damaged; download the model again.</source>
        <translation>其权重可能已损坏；请重新下载模型。</translation>
    </message>
    <message>
        <source>Paint white what is to change.</source>
        <translation>请将要改变的部分涂成白色。</translation>
    </message>
    <message>
        <source>the encoded start picture</source>
        <translation>编码后的起始图片</translation>
    </message>
    <message>
        <source>The picture did not finish.</source>
        <translation>图片没有完成。</translation>
    </message>
    <message>
        <source>The model&apos;s files are not the original ones: install or download it again.</source>
        <translation>模型的文件不是原始文件：请重新安装或下载。</translation>
    </message>
    <message>
        <source>Choose a smaller size or close other programs.</source>
        <translation>请选择较小的尺寸，或关闭其他程序。</translation>
    </message>
    <message>
        <source>Try again, or choose a smaller size or a lower precision.</source>
        <translation>请重试，或选择较小的尺寸或较低的精度。</translation>
    </message>
    <message>
        <source>The log has the details.</source>
        <translation>详情请见日志。</translation>
    </message>
</context>
<context>
    <name>ModelChoice</name>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Runs on</source>
        <translation>运行于</translation>
    </message>
    <message>
        <source>No model yet</source>
        <translation>还没有模型</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>The best that works on this machine</source>
        <translation>这台电脑上可用的最佳方式</translation>
    </message>
    <message>
        <source>Open a model folder…</source>
        <translation>打开模型文件夹…</translation>
    </message>
    <message>
        <source>Open a model folder</source>
        <translation>打开模型文件夹</translation>
    </message>
    <message>
        <source>{name}: {why}.</source>
        <translation>{name}：{why}。</translation>
    </message>
    <message>
        <source>Open the settings…</source>
        <translation>打开设置…</translation>
    </message>
</context>
<context>
    <name>ModelRow</name>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Make it smaller…</source>
        <translation>缩小占用…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Really remove it?</source>
        <translation>确定移除？</translation>
    </message>
    <message>
        <source>recommended here</source>
        <translation>推荐</translation>
    </message>
    <message>
        <source>ControlNet</source>
        <translation>ControlNet</translation>
    </message>
    <message>
        <source>Download the whole</source>
        <translation>下载完整模型</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Being made smaller. This takes some minutes.</source>
        <translation>正在缩小，需要几分钟。</translation>
    </message>
    <message>
        <source>Ready, kept in {bits} bits for MLX</source>
        <translation>就绪，仅以 {bits} 位保留，供 MLX 使用</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>Comes with the app</source>
        <translation>随应用附带</translation>
    </message>
    <message>
        <source>{size} of it are here. “Go on” checks them and fetches what is missing.</source>
        <translation>本机已有 {size}。“继续”会检查这些内容并下载缺少的部分。</translation>
    </message>
    <message>
        <source>Waiting to download</source>
        <translation>等待下载</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} / {total}</translation>
    </message>
    <message>
        <source>{size} of it are here already, with another model</source>
        <translation>其中 {size} 已随另一个模型下载，不必再次下载</translation>
    </message>
    <message>
        <source>{name} comes under the {licence}.</source>
        <translation>{name} 依 {licence} 许可提供。</translation>
    </message>
    <message>
        <source>Agree and download</source>
        <translation>同意并下载</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>以后再说</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Model for new pictures</source>
        <translation>新图片使用的模型</translation>
    </message>
    <message>
        <source>Hugging Face token</source>
        <translation>Hugging Face 令牌</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Add a file…</source>
        <translation>添加文件…</translation>
    </message>
    <message>
        <source>Downloads</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Text encoder shared by {count} models: {size}, once on the disk</source>
        <translation>{count} 个模型共用的文本编码器：{size}，在磁盘上只占一份</translation>
    </message>
    <message>
        <source>Autoencoder shared by {count} models: {size}, once on the disk</source>
        <translation>{count} 个模型共用的自编码器：{size}，在磁盘上只占一份</translation>
    </message>
    <message>
        <source>Transformer shared by {count} models: {size}, once on the disk</source>
        <translation>{count} 个模型共用的 Transformer：{size}，在磁盘上只占一份</translation>
    </message>
    <message>
        <source>A folder in diffusers layout</source>
        <translation>diffusers 格式的文件夹</translation>
    </message>
    <message>
        <source>A fine-tuned transformer</source>
        <translation>微调的 transformer</translation>
    </message>
    <message>
        <source>Weights (*.safetensors)</source>
        <translation>权重 (*.safetensors)</translation>
    </message>
</context>
<context>
    <name>OrderMenu</name>
    <message>
        <source>Sort By</source>
        <translation>排序方式</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>尺寸</translation>
    </message>
    <message>
        <source>Rating</source>
        <translation>评分</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Ascending</source>
        <translation>升序</translation>
    </message>
    <message>
        <source>Descending</source>
        <translation>降序</translation>
    </message>
</context>
<context>
    <name>OwnModelDetails</name>
    <message>
        <source>Trained in float16</source>
        <translation>以 float16 训练</translation>
    </message>
    <message>
        <source>A model trained in float16 makes wrong pictures unless its numbers stay in that range.</source>
        <translation>以 float16 训练的模型，其数值必须保持在该范围内，否则会生成错误的图片。</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Automatic: yes</source>
        <translation>自动：是</translation>
    </message>
    <message>
        <source>Automatic: no</source>
        <translation>自动：否</translation>
    </message>
    <message>
        <source>Automatic: not known yet</source>
        <translation>自动：尚不清楚</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>No</source>
        <translation>否</translation>
    </message>
</context>
<context>
    <name>PaceField</name>
    <message>
        <source>Quick</source>
        <translation>快速</translation>
    </message>
    <message>
        <source>Full</source>
        <translation>完整</translation>
    </message>
    <message>
        <source>Pace</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Quick takes half of the steps and about half of the time. Small details may differ.</source>
        <translation>“快速”只用一半步数，约省一半时间，细节可能略有不同。</translation>
    </message>
</context>
<context>
    <name>Parameters</name>
    <message>
        <source>Clips</source>
        <translation>视频</translation>
    </message>
    <message>
        <source>Number of clips</source>
        <translation>视频数量</translation>
    </message>
    <message>
        <source>Number of pictures</source>
        <translation>图片数量</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>More steps take longer and add detail, up to a point.</source>
        <translation>步数越多，耗时越长，细节也越多，但有一定限度。</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>引导强度</translation>
    </message>
    <message>
        <source>How closely the picture follows the prompt.</source>
        <translation>图片与提示词的贴合程度。</translation>
    </message>
    <message>
        <source>In the cloud, the same seed may give another picture.</source>
        <translation>在云端，同一种子可能得到不同的图片。</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>高级</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>数量</translation>
    </message>
</context>
<context>
    <name>PictureActions</name>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Export to a folder</source>
        <translation>导出到文件夹</translation>
    </message>
    <message>
        <source>Exported “{name}” to “{folder}”</source>
        <translation>已将“{name}”导出到“{folder}”</translation>
    </message>
    <message>
        <source>Exported {pictures} to “{folder}”</source>
        <translation>已将{pictures}导出到“{folder}”</translation>
    </message>
    <message>
        <source>Exporting {pictures}: {n} %</source>
        <translation>正在导出{pictures}：{n}%</translation>
    </message>
    <message>
        <source>Undo Rating</source>
        <translation>撤销评分</translation>
    </message>
    <message>
        <source>Settings taken from “{name}”.</source>
        <translation>已从“{name}”读取设置。</translation>
    </message>
    <message>
        <source>Settings taken from “{name}”. Its model is not on this machine.</source>
        <translation>已从“{name}”读取设置。这台机器上没有它的模型。</translation>
    </message>
    <message>
        <source>Not understood: {names}</source>
        <translation>未理解：{names}</translation>
    </message>
</context>
<context>
    <name>PlannedModels</name>
    <message>
        <source>Not yet</source>
        <translation>暂不支持</translation>
    </message>
    <message>
        <source>{model}: {why} It would need: {needs}</source>
        <translation>{model}：{why}所需条件：{needs}</translation>
    </message>
</context>
<context>
    <name>PlayerBar</name>
    <message>
        <source>Player</source>
        <translation>播放器</translation>
    </message>
    <message>
        <source>Previous frame (,)</source>
        <translation>上一帧（,）</translation>
    </message>
    <message>
        <source>Next frame (.)</source>
        <translation>下一帧（.）</translation>
    </message>
    <message>
        <source>Frame</source>
        <translation>帧</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Play it again and again (L)</source>
        <translation>循环播放（L）</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Pause (space)</source>
        <translation>暂停（空格）</translation>
    </message>
    <message>
        <source>Play (space)</source>
        <translation>播放（空格）</translation>
    </message>
    <message>
        <source>{now} of {time}</source>
        <translation>{now} / {time}</translation>
    </message>
</context>
<context>
    <name>PromptPart</name>
    <message>
        <source>Prompt</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>Describe the picture</source>
        <translation>描述您想要的图片</translation>
    </message>
    <message>
        <source>Negative prompt</source>
        <translation>反向提示词</translation>
    </message>
    <message>
        <source>Describe the clip</source>
        <translation>描述这段视频</translation>
    </message>
    <message>
        <source>What to keep out of the picture</source>
        <translation>不想出现在图片中的内容</translation>
    </message>
    <message>
        <source>What to keep out of the clip</source>
        <translation>视频中不应出现的内容</translation>
    </message>
</context>
<context>
    <name>QueueView</name>
    <message>
        <source>Queue</source>
        <translation>队列</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>预览</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Cancel the running job</source>
        <translation>取消正在进行的任务</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>Queue paused</source>
        <translation>队列已暂停</translation>
    </message>
    <message>
        <source>{n} of {all} · {text}</source>
        <translation>第 {n} 张，共 {all} 张 · {text}</translation>
    </message>
    <message>
        <source>{text} · then paused</source>
        <translation>{text} · 之后暂停</translation>
    </message>
    <message>
        <source>{text} · pausing</source>
        <translation>{text} · 正在暂停</translation>
    </message>
    <message>
        <source>Resume the queue</source>
        <translation>继续队列</translation>
    </message>
    <message>
        <source>Pause the queue after this step; the clip goes on from there</source>
        <translation>在这一步之后暂停队列；视频之后会从这里继续</translation>
    </message>
    <message>
        <source>Pause the queue after this picture</source>
        <translation>这张完成后暂停队列</translation>
    </message>
    <message>
        <source>{n} waiting</source>
        <translation>{n} 个等待中</translation>
    </message>
    <message>
        <source>{n} paused</source>
        <translation>{n} 个已暂停</translation>
    </message>
    <message>
        <source>{n} failed</source>
        <translation>{n} 个失败</translation>
    </message>
</context>
<context>
    <name>RatingBox</name>
    <message>
        <source>Rating</source>
        <translation>评分</translation>
    </message>
    <message>
        <source>Not rated</source>
        <translation>未评分</translation>
    </message>
    <message>
        <source>{rating}. The keys 1 to 5 rate, 0 takes it away.</source>
        <translation>{rating}。按 1 到 5 评分，按 0 取消。</translation>
    </message>
</context>
<context>
    <name>Receiver</name>
    <message>
        <source>Fetch a picture</source>
        <translation>获取图片</translation>
    </message>
    <message>
        <source>Fetch the picture from {host}?</source>
        <translation>要从 {host} 获取这张图片吗？</translation>
    </message>
    <message>
        <source>The server will see this computer&apos;s address.</source>
        <translation>该服务器会看到这台电脑的网络地址。</translation>
    </message>
    <message>
        <source>Fetch</source>
        <translation>获取</translation>
    </message>
</context>
<context>
    <name>SecretEditor</name>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Keep for this session only</source>
        <translation>仅本次使用时保留</translation>
    </message>
    <message>
        <source>Ask the keychain again</source>
        <translation>再次询问钥匙串</translation>
    </message>
</context>
<context>
    <name>SeedField</name>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>The same seed with the same settings gives the same picture.</source>
        <translation>种子和设置相同，图片就相同。</translation>
    </message>
    <message>
        <source>New random seed</source>
        <translation>新的随机种子</translation>
    </message>
    <message>
        <source>Keep this seed</source>
        <translation>固定此种子</translation>
    </message>
</context>
<context>
    <name>ServerPage</name>
    <message>
        <source>How to start it</source>
        <translation>如何启动</translation>
    </message>
</context>
<context>
    <name>ServerTest</name>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>Use {address}</source>
        <translation>使用 {address}</translation>
    </message>
    <message>
        <source>Asking {name}…</source>
        <translation>正在询问 {name}…</translation>
    </message>
</context>
<context>
    <name>SettingEditor</name>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Pages of the settings</source>
        <translation>设置页面</translation>
    </message>
    <message>
        <source>General</source>
        <translation>通用</translation>
    </message>
    <message>
        <source>Runs On</source>
        <translation>运行方式</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Cloud</source>
        <translation>云端</translation>
    </message>
    <message>
        <source>Endpoints</source>
        <translation>端点</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>高级</translation>
    </message>
</context>
<context>
    <name>ShapePicker</name>
    <message>
        <source>Square</source>
        <translation>方形</translation>
    </message>
    <message>
        <source>Portrait</source>
        <translation>竖幅</translation>
    </message>
    <message>
        <source>Landscape</source>
        <translation>横幅</translation>
    </message>
    <message>
        <source>Tall</source>
        <translation>长竖幅</translation>
    </message>
    <message>
        <source>Wide</source>
        <translation>宽幅</translation>
    </message>
</context>
<context>
    <name>SideBySide</name>
    <message>
        <source>Compare pictures</source>
        <translation>比较图片</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>The same settings</source>
        <translation>设置相同</translation>
    </message>
    <message>
        <source>{n} %</source>
        <translation>{n}%</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>New album</source>
        <translation>新相册</translation>
    </message>
    <message>
        <source>Albums</source>
        <translation>相册</translation>
    </message>
</context>
<context>
    <name>SizeField</name>
    <message>
        <source>Shape</source>
        <translation>画幅</translation>
    </message>
    <message>
        <source>Width in pixels</source>
        <translation>宽度（像素）</translation>
    </message>
    <message>
        <source>Height in pixels</source>
        <translation>高度（像素）</translation>
    </message>
    <message>
        <source>Changed {typed} to {now}: sides go in steps of {step}.</source>
        <translation>已将 {typed} 改为 {now}：边长须为 {step} 的倍数。</translation>
    </message>
</context>
<context>
    <name>StartPictureField</name>
    <message>
        <source>Start from a picture…</source>
        <translation>以图片为起点…</translation>
    </message>
    <message>
        <source>A black and white picture: only what is white is made anew.</source>
        <translation>一张黑白图片：只有白色部分会重新生成。</translation>
    </message>
    <message>
        <source>Remove the start picture</source>
        <translation>移除起始图片</translation>
    </message>
    <message>
        <source>Choose the picture that the clip begins with, or a clip, or drop or paste one here.</source>
        <translation>选择视频开头所用的图片，或选择一段视频，也可以拖放或粘贴到此处。</translation>
    </message>
    <message>
        <source>Choose a picture, or drop or paste one here, and describe what it should become.</source>
        <translation>选择图片，或拖放、粘贴到这里，然后描述它应该变成什么样。</translation>
    </message>
    <message>
        <source>Paint over what is to change, or make the picture larger</source>
        <translation>涂抹要改动的部分，或扩展画面</translation>
    </message>
    <message>
        <source>Start from another frame of the clip</source>
        <translation>从视频的另一帧开始</translation>
    </message>
    <message>
        <source>Start from a picture</source>
        <translation>以图片为起点</translation>
    </message>
    <message>
        <source>Choose the first frame</source>
        <translation>选择首帧</translation>
    </message>
    <message>
        <source>Choose a mask</source>
        <translation>选择蒙版</translation>
    </message>
    <message>
        <source>Remove the first frame</source>
        <translation>移除首帧</translation>
    </message>
    <message>
        <source>Start from a first frame…</source>
        <translation>从首帧开始…</translation>
    </message>
    <message>
        <source>The new clip begins with its first frame.</source>
        <translation>新视频从其首帧开始。</translation>
    </message>
    <message>
        <source>Its first frame is used.</source>
        <translation>使用其首帧。</translation>
    </message>
    <message>
        <source>The new clip goes on from its last frame.</source>
        <translation>新视频从其最后一帧继续。</translation>
    </message>
    <message>
        <source>Its last frame is used.</source>
        <translation>使用其最后一帧。</translation>
    </message>
    <message>
        <source>The new clip begins with its frame {n}.</source>
        <translation>新视频从其第 {n} 帧开始。</translation>
    </message>
    <message>
        <source>Its frame {n} is used.</source>
        <translation>使用其第 {n} 帧。</translation>
    </message>
    <message>
        <source>Remove the mask</source>
        <translation>移除蒙版</translation>
    </message>
    <message>
        <source>Open a mask…</source>
        <translation>打开蒙版…</translation>
    </message>
    <message>
        <source>Edit the mask…</source>
        <translation>编辑蒙版…</translation>
    </message>
    <message>
        <source>Edit part of it…</source>
        <translation>局部修改…</translation>
    </message>
    <message>
        <source>Use its first frame</source>
        <translation>使用其首帧</translation>
    </message>
    <message>
        <source>Use its last frame</source>
        <translation>使用其最后一帧</translation>
    </message>
    <message>
        <source>The clip begins with this picture.</source>
        <translation>视频以这张图片开头。</translation>
    </message>
    <message>
        <source>The picture is extended to {width} × {height}.</source>
        <translation>画面扩展到 {width} × {height}。</translation>
    </message>
    <message>
        <source>The result is as large as the picture: {width} × {height}.</source>
        <translation>结果与原图一样大：{width} × {height}。</translation>
    </message>
</context>
<context>
    <name>Starting</name>
    <message>
        <source>This model cannot start from a picture.</source>
        <translation>此模型不能以图片为起点。</translation>
    </message>
    <message>
        <source>The settings of {program} in “{name}” cannot be read here.</source>
        <translation>无法在此读取“{name}”中 {program} 的设置。</translation>
    </message>
    <message>
        <source>“{name}” does not say how it was made.</source>
        <translation>“{name}”没有生成信息。</translation>
    </message>
    <message>
        <source>Start from it</source>
        <translation>以它为起点</translation>
    </message>
</context>
<context>
    <name>StepRange</name>
    <message>
        <source>First step that follows, in percent</source>
        <translation>开始跟随的步骤（百分比）</translation>
    </message>
    <message>
        <source>Last step that follows, in percent</source>
        <translation>停止跟随的步骤（百分比）</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>to</source>
        <translation>至</translation>
    </message>
</context>
<context>
    <name>StrengthField</name>
    <message>
        <source>Change</source>
        <translation>改变</translation>
    </message>
    <message>
        <source>How much to change the start picture</source>
        <translation>起始图片的改变程度</translation>
    </message>
    <message>
        <source>keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>change</source>
        <translation>改动</translation>
    </message>
    <message>
        <source>Keep nearly everything</source>
        <translation>几乎全部保留</translation>
    </message>
    <message>
        <source>Change a little</source>
        <translation>稍作改动</translation>
    </message>
    <message>
        <source>Change some of it</source>
        <translation>改动一部分</translation>
    </message>
    <message>
        <source>Change much of it</source>
        <translation>改动较多</translation>
    </message>
    <message>
        <source>Change most of it</source>
        <translation>大部分改动</translation>
    </message>
    <message>
        <source>Change everything</source>
        <translation>全部重画</translation>
    </message>
</context>
<context>
    <name>StyleButton</name>
    <message>
        <source>Style</source>
        <translation>样式</translation>
    </message>
    <message>
        <source>Words of a style are put around the prompt of each picture.</source>
        <translation>样式的词语会加在每张图片的提示词前后。</translation>
    </message>
    <message>
        <source>No style</source>
        <translation>无样式</translation>
    </message>
    <message>
        <source>Edit Styles…</source>
        <translation>编辑样式…</translation>
    </message>
</context>
<context>
    <name>Styles</name>
    <message>
        <source>Photo</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>Cinematic</source>
        <translation>电影感</translation>
    </message>
    <message>
        <source>Watercolour</source>
        <translation>水彩</translation>
    </message>
    <message>
        <source>Oil painting</source>
        <translation>油画</translation>
    </message>
    <message>
        <source>Pencil drawing</source>
        <translation>铅笔画</translation>
    </message>
    <message>
        <source>Anime</source>
        <translation>动漫</translation>
    </message>
    <message>
        <source>3D render</source>
        <translation>3D 渲染</translation>
    </message>
    <message>
        <source>Pixel art</source>
        <translation>像素画</translation>
    </message>
    <message>
        <source>Flat illustration</source>
        <translation>扁平插画</translation>
    </message>
</context>
<context>
    <name>StylesDialog</name>
    <message>
        <source>Styles</source>
        <translation>样式</translation>
    </message>
    <message>
        <source>Name of the style</source>
        <translation>样式名称</translation>
    </message>
    <message>
        <source>Prompt of the style</source>
        <translation>样式的提示词</translation>
    </message>
    <message>
        <source>Negative prompt of the style</source>
        <translation>样式的反向提示词</translation>
    </message>
    <message>
        <source>New Style</source>
        <translation>新建样式</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>{prompt} stands for what you type. Without it, the words are added at the end.</source>
        <translation>{prompt} 代表您输入的内容；没有它时，这些词语会加在末尾。</translation>
    </message>
    <message>
        <source>Negative prompt</source>
        <translation>反向提示词</translation>
    </message>
    <message>
        <source>Each style needs a name of its own.</source>
        <translation>每个样式都需要自己的名称。</translation>
    </message>
    <message>
        <source>New style</source>
        <translation>新样式</translation>
    </message>
</context>
<context>
    <name>Timeline</name>
    <message>
        <source>Timeline</source>
        <translation>时间线</translation>
    </message>
    <message>
        <source>d MMM</source>
        <translation>M月d日</translation>
    </message>
    <message>
        <source>MMM yy</source>
        <translation>yy年M月</translation>
    </message>
    <message>
        <source>MMM</source>
        <translation>M月</translation>
    </message>
</context>
<context>
    <name>TokenCount</name>
    <message>
        <source>Length of the prompt</source>
        <translation>提示词长度</translation>
    </message>
    <message>
        <source>Too long for this model: what is crossed out has no effect.</source>
        <translation>对此模型来说太长：划掉的部分不起作用。</translation>
    </message>
    <message>
        <source>Nearly as long as this model can read.</source>
        <translation>已接近此模型可读取的长度上限。</translation>
    </message>
</context>
<context>
    <name>UpdateCheck</name>
    <message>
        <source>This is the newest version.</source>
        <translation>这是最新版本。</translation>
    </message>
    <message>
        <source>Version {version} can be had.</source>
        <translation>有新版本 {version}。</translation>
    </message>
    <message>
        <source>Open Its Page</source>
        <translation>打开其页面</translation>
    </message>
</context>
<context>
    <name>Viewer</name>
    <message>
        <source>Viewer</source>
        <translation>查看器</translation>
    </message>
    <message>
        <source>{n} %</source>
        <translation>{n}%</translation>
    </message>
</context>
<context>
    <name>ViewerBar</name>
    <message>
        <source>Put all of this picture&apos;s settings into the panel</source>
        <translation>将此图片的全部设置填入面板</translation>
    </message>
    <message>
        <source>Make it again with another seed</source>
        <translation>换一个种子再生成一次</translation>
    </message>
    <message>
        <source>Make this the start picture of the next one</source>
        <translation>将此图作为下一张的起始图片</translation>
    </message>
    <message>
        <source>Let the next clip begin where this one ends</source>
        <translation>让下一段视频从这一段的结尾开始</translation>
    </message>
    <message>
        <source>Make the whole clip of this draft, with the same seed</source>
        <translation>用相同的种子把这个草稿生成为完整视频</translation>
    </message>
    <message>
        <source>Paint over what is to change, or make the picture larger</source>
        <translation>涂抹要改动的部分，或扩展画面</translation>
    </message>
    <message>
        <source>Make a larger copy</source>
        <translation>制作放大的副本</translation>
    </message>
    <message>
        <source>Compare it with the picture that it was made from</source>
        <translation>与它的来源图片对比</translation>
    </message>
    <message>
        <source>Favourite</source>
        <translation>收藏</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Close the viewer</source>
        <translation>关闭查看器</translation>
    </message>
    <message>
        <source>Use settings</source>
        <translation>使用设置</translation>
    </message>
    <message>
        <source>Vary</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Make it whole</source>
        <translation>补成完整视频</translation>
    </message>
    <message>
        <source>Start from this</source>
        <translation>以此图开始</translation>
    </message>
    <message>
        <source>Edit part…</source>
        <translation>局部修改…</translation>
    </message>
    <message>
        <source>Enlarge</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>对比</translation>
    </message>
    <message>
        <source>Start from this frame</source>
        <translation>从此帧开始</translation>
    </message>
    <message>
        <source>{tip} ({keys})</source>
        <translation>{tip}（{keys}）</translation>
    </message>
</context>
<context>
    <name>WaysTable</name>
    <message>
        <source>All ways to make pictures</source>
        <translation>所有生成图片的方式</translation>
    </message>
    <message>
        <source>All ways, and how they stand here</source>
        <translation>所有方式及其在这里的状态</translation>
    </message>
</context>
<context>
    <name>WildcardsButton</name>
    <message>
        <source>Insert a wildcard</source>
        <translation>插入通配符</translation>
    </message>
    <message>
        <source>No wildcards yet</source>
        <translation>还没有通配符</translation>
    </message>
    <message>
        <source>Open the Wildcards Folder</source>
        <translation>打开通配符文件夹</translation>
    </message>
</context>
<context>
    <name>WindowDrops</name>
    <message>
        <source>Add the LoRA</source>
        <translation>添加此 LoRA</translation>
    </message>
    <message>
        <source>Add to the models</source>
        <translation>添加到模型</translation>
    </message>
    <message>
        <source>Use its settings</source>
        <translation>使用其设置</translation>
    </message>
    <message>
        <source>Start from this picture</source>
        <translation>以此图片为起点</translation>
    </message>
    <message>
        <source>Added to the models of {name}.</source>
        <translation>已添加到 {name} 的模型中。</translation>
    </message>
</context>
<context>
    <name>wording</name>
    <message>
        <source>Size</source>
        <translation>尺寸</translation>
    </message>
    <message>
        <source>Steps · guidance</source>
        <translation>步数 · 引导</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>Negative</source>
        <translation>反向提示词</translation>
    </message>
    <message>
        <source>Started from</source>
        <translation>起始图片</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>改变程度</translation>
    </message>
    <message>
        <source>{n} bit</source>
        <translation>{n} 位</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Ran on</source>
        <translation>运行于</translation>
    </message>
    <message>
        <source>Solver</source>
        <translation>采样器</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>费用</translation>
    </message>
    <message>
        <source>Made with</source>
        <translation>生成工具</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>生成时间</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>引导强度</translation>
    </message>
    <message>
        <source>different</source>
        <translation>不同</translation>
    </message>
    <message>
        <source>favourite</source>
        <translation>收藏</translation>
    </message>
    <message>
        <source>Pictures (*.png *.jpg *.jpeg *.webp *.gif *.avif *.tif *.tiff *.bmp)</source>
        <translation>图片 (*.png *.jpg *.jpeg *.webp *.gif *.avif *.tif *.tiff *.bmp)</translation>
    </message>
    <message>
        <source>min</source>
        <translation>分钟</translation>
    </message>
    <message>
        <source>{size} to download</source>
        <translation>下载 {size}</translation>
    </message>
    <message>
        <source>about {size} of memory</source>
        <translation>约需 {size} 内存</translation>
    </message>
    <message>
        <source>Passed</source>
        <translation>通过</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>未通过</translation>
    </message>
    <message>
        <source>this network</source>
        <translation>本地网络</translation>
    </message>
    <message>
        <source>cloud</source>
        <translation>云端</translation>
    </message>
    <message>
        <source>price unknown</source>
        <translation>价格未知</translation>
    </message>
    <message>
        <source>on this network</source>
        <translation>在本地网络上</translation>
    </message>
    <message>
        <source>finishing the clip</source>
        <translation>正在完成视频</translation>
    </message>
    <message>
        <source>part {n} of {all}</source>
        <translation>第 {n} 块，共 {all} 块</translation>
    </message>
    <message>
        <source>Finished</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>Enlarge {n}× and refine</source>
        <translation>放大 {n} 倍并细化</translation>
    </message>
    <message>
        <source>Enlarge {n}×</source>
        <translation>放大 {n} 倍</translation>
    </message>
    <message>
        <source>Generate it anyway</source>
        <translation>仍然生成</translation>
    </message>
    <message>
        <source>{n} s</source>
        <translation>{n} 秒</translation>
    </message>
    <message>
        <source>{n} stars or more</source>
        <translation>{n} 星及以上</translation>
    </message>
    <message>
        <source>Any rating</source>
        <translation>任意评分</translation>
    </message>
    <message>
        <source>Any star</source>
        <translation>已评分</translation>
    </message>
    <message>
        <source>All models</source>
        <translation>所有模型</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Any shape</source>
        <translation>任意形状</translation>
    </message>
    <message>
        <source>Landscape</source>
        <translation>横向</translation>
    </message>
    <message>
        <source>Square</source>
        <translation>方形</translation>
    </message>
    <message>
        <source>Portrait</source>
        <translation>纵向</translation>
    </message>
    <message>
        <source>Any size</source>
        <translation>任意尺寸</translation>
    </message>
    <message>
        <source>{n} megapixels or more</source>
        <translation>{n} 百万像素及以上</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>任意时间</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>最近 30 天</translation>
    </message>
    <message>
        <source>Last 365 days</source>
        <translation>最近 365 天</translation>
    </message>
    <message>
        <source>Enlarged from</source>
        <translation>放大自</translation>
    </message>
    <message>
        <source>Enlarged with</source>
        <translation>放大方式</translation>
    </message>
    <message>
        <source>Refined with</source>
        <translation>细化模型</translation>
    </message>
    <message>
        <source>Typed</source>
        <translation>输入内容</translation>
    </message>
    <message>
        <source>Style</source>
        <translation>样式</translation>
    </message>
    <message>
        <source>Variation</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>Not understood</source>
        <translation>未理解</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>网格</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>精度</translation>
    </message>
    <message>
        <source>LoRA</source>
        <translation>LoRA</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>长度</translation>
    </message>
    <message>
        <source>Frames a second</source>
        <translation>每秒帧数</translation>
    </message>
    <message>
        <source>Draft of</source>
        <translation>草稿，完整长度</translation>
    </message>
    <message>
        <source>First frame</source>
        <translation>首帧</translation>
    </message>
    <message>
        <source>{n} of a part</source>
        <translation>局部 {n}</translation>
    </message>
    <message>
        <source>Edges from</source>
        <translation>边缘来自</translation>
    </message>
    <message>
        <source>{n} more wait</source>
        <translation>还有 {n} 张在等待</translation>
    </message>
    <message>
        <source>Saving</source>
        <translation>正在保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Again</source>
        <translation>再来一次</translation>
    </message>
    <message>
        <source>Move to the Top</source>
        <translation>移到最前</translation>
    </message>
    <message>
        <source>Move Up</source>
        <translation>上移</translation>
    </message>
    <message>
        <source>Move Down</source>
        <translation>下移</translation>
    </message>
    <message>
        <source>Move to the End</source>
        <translation>移到最后</translation>
    </message>
    <message>
        <source>Again with a New Seed</source>
        <translation>用新种子再来一次</translation>
    </message>
    <message>
        <source>Again with the Same Seed</source>
        <translation>用相同种子再来一次</translation>
    </message>
    <message>
        <source>Use Its Settings</source>
        <translation>使用它的设置</translation>
    </message>
    <message>
        <source>Pictures and clips (*.png *.jpg *.jpeg *.webp *.gif *.avif *.tif *.tiff *.bmp *.mp4 *.m4v *.mov)</source>
        <translation>图片和视频 (*.png *.jpg *.jpeg *.webp *.gif *.avif *.tif *.tiff *.bmp *.mp4 *.m4v *.mov)</translation>
    </message>
    <message>
        <source>This Mac</source>
        <translation>这台 Mac</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>这台电脑</translation>
    </message>
    <message>
        <source>This network</source>
        <translation>本地网络</translation>
    </message>
    <message>
        <source>Cloud</source>
        <translation>云端</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>needs a model</source>
        <translation>需要模型</translation>
    </message>
    <message>
        <source>needs a key</source>
        <translation>需要密钥</translation>
    </message>
    <message>
        <source>not running</source>
        <translation>未运行</translation>
    </message>
    <message>
        <source>not set up</source>
        <translation>未设置</translation>
    </message>
    <message>
        <source>unavailable</source>
        <translation>不可用</translation>
    </message>
    <message>
        <source>free</source>
        <translation>免费</translation>
    </message>
    <message>
        <source>about {money} a picture</source>
        <translation>每张约 {money}</translation>
    </message>
    <message>
        <source>Good for: {what}</source>
        <translation>适合：{what}</translation>
    </message>
    <message>
        <source>Costs: {what}</source>
        <translation>费用：{what}</translation>
    </message>
    <message>
        <source>Get a model…</source>
        <translation>获取模型…</translation>
    </message>
    <message>
        <source>Enter a key…</source>
        <translation>输入密钥…</translation>
    </message>
    <message>
        <source>Set it up…</source>
        <translation>设置…</translation>
    </message>
    <message>
        <source>LoRA weight</source>
        <translation>LoRA 权重</translation>
    </message>
    <message>
        <source>{n} min {rest} s</source>
        <translation>{n} 分 {rest} 秒</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>{n} 分钟</translation>
    </message>
    <message>
        <source>{n} h {rest} min</source>
        <translation>{n} 小时 {rest} 分</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>还剩 {time}</translation>
    </message>
    <message>
        <source>processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>GPU</source>
        <translation>GPU</translation>
    </message>
    <message>
        <source>seed {n}</source>
        <translation>种子 {n}</translation>
    </message>
    <message>
        <source>{n} of 5 stars</source>
        <translation>{n} 星（共 5 星）</translation>
    </message>
    <message>
        <source>today, {time}</source>
        <translation>今天 {time}</translation>
    </message>
    <message>
        <source>{when.day} {when:%b}, {when:%H:%M}</source>
        <translation>{when.month}月{when.day}日 {when:%H:%M}</translation>
    </message>
    <message>
        <source>{when.day} {when:%b} {when.year}</source>
        <translation>{when.year}年{when.month}月{when.day}日</translation>
    </message>
    <message>
        <source>{n} frames, {time}</source>
        <translation>{n} 帧，{time}</translation>
    </message>
    <message>
        <source>{n} items</source>
        <translation>{n} 项</translation>
    </message>
    <message>
        <source>1 clip</source>
        <translation>1 段视频</translation>
    </message>
    <message>
        <source>{n} clips</source>
        <translation>{n} 段视频</translation>
    </message>
    <message>
        <source>1 picture</source>
        <translation>1 张图片</translation>
    </message>
    <message>
        <source>{n} pictures</source>
        <translation>{n} 张图片</translation>
    </message>
    <message>
        <source>on this Mac</source>
        <translation>在这台 Mac 上</translation>
    </message>
    <message>
        <source>on this computer</source>
        <translation>在这台电脑上</translation>
    </message>
    <message>
        <source>About {time} in all</source>
        <translation>共约 {time}</translation>
    </message>
    <message>
        <source>{size} memory</source>
        <translation>内存 {size}</translation>
    </message>
    <message>
        <source>{size} disk</source>
        <translation>磁盘 {size}</translation>
    </message>
    <message>
        <source>about {money}</source>
        <translation>约 {money}</translation>
    </message>
    <message>
        <source>in the cloud</source>
        <translation>在云端</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>正在启动</translation>
    </message>
    <message>
        <source>About {time} each</source>
        <translation>每张约 {time}</translation>
    </message>
    <message>
        <source>About {time}</source>
        <translation>约 {time}</translation>
    </message>
    <message>
        <source>Time: about {time} in all</source>
        <translation>时间：共约 {time}</translation>
    </message>
    <message>
        <source>Memory: {size}</source>
        <translation>内存：{size}</translation>
    </message>
    <message>
        <source>most of it to read the prompt</source>
        <translation>主要用于读取提示词</translation>
    </message>
    <message>
        <source>most of it for the model</source>
        <translation>主要用于模型</translation>
    </message>
    <message>
        <source>most of it for this size</source>
        <translation>主要用于此尺寸</translation>
    </message>
    <message>
        <source>Disk: {size} while it works</source>
        <translation>磁盘：生成时占用 {size}</translation>
    </message>
    <message>
        <source>Price: about {money} for {pictures}</source>
        <translation>价格：{pictures}约 {money}</translation>
    </message>
    <message>
        <source>Made on this Mac</source>
        <translation>在这台 Mac 上生成</translation>
    </message>
    <message>
        <source>Made on this computer</source>
        <translation>在这台电脑上生成</translation>
    </message>
    <message>
        <source>Changed {typed} to {now}, the largest allowed here.</source>
        <translation>已将 {typed} 改为 {now}，这是此处允许的最大值。</translation>
    </message>
    <message>
        <source>Changed {typed} to {now}, the smallest allowed here.</source>
        <translation>已将 {typed} 改为 {now}，这是此处允许的最小值。</translation>
    </message>
    <message>
        <source>{model} does not know {words}.</source>
        <translation>{model} 不认识{words}。</translation>
    </message>
    <message>
        <source>{model} does not know {words}. Try {instead}.</source>
        <translation>{model} 不认识{words}。可以试试{instead}。</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>“{word}”</source>
        <translation>“{word}”</translation>
    </message>
    <message>
        <source>finishing the picture</source>
        <translation>正在完成图片</translation>
    </message>
    <message>
        <source>step {n} of {all}</source>
        <translation>第 {n} 步，共 {all} 步</translation>
    </message>
    <message>
        <source>It did not work.</source>
        <translation>没有成功。</translation>
    </message>
    <message>
        <source>Paused since the last start</source>
        <translation>自上次启动起暂停</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>{n} steps</source>
        <translation>{n} 步</translation>
    </message>
    <message>
        <source>Try with {name}</source>
        <translation>改用 {name}</translation>
    </message>
    <message>
        <source>Try a smaller model</source>
        <translation>换用较小的模型</translation>
    </message>
    <message>
        <source>Try more exactly</source>
        <translation>用更高精度重试</translation>
    </message>
    <message>
        <source>Try with less memory</source>
        <translation>用更少内存重试</translation>
    </message>
    <message>
        <source>Try at {width} × {height}</source>
        <translation>改用 {width} × {height}</translation>
    </message>
    <message>
        <source>Try another way</source>
        <translation>换种方式重试</translation>
    </message>
</context>
</TS>
