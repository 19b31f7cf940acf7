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
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>Needs a model</source>
        <translation>需要模型</translation>
    </message>
    <message>
        <source>Needs a key</source>
        <translation>需要密钥</translation>
    </message>
    <message>
        <source>Unavailable</source>
        <translation>不可用</translation>
    </message>
    <message>
        <source>Get a model…</source>
        <translation>获取模型…</translation>
    </message>
    <message>
        <source>Enter a key…</source>
        <translation>输入密钥…</translation>
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
    <name>Catalog</name>
    <message>
        <source>Trying the app at once: small, quick, and it comes with it.</source>
        <translation>立即试用应用：小巧、快速，随应用附带。</translation>
    </message>
    <message>
        <source>A small model made for this app. It knows simple drawn scenes only: a house, a sailboat, a windmill or one of eleven other things, in ten places, eight colours and four times of day.</source>
        <translation>为本应用制作的小模型。它只会画简单的画面：房子、帆船、风车或另外十一种事物之一，十个地点、八种颜色、一天中的四个时段。</translation>
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
</context>
<context>
    <name>CloudPage</name>
    <message>
        <source>Replicate key</source>
        <translation>Replicate 密钥</translation>
    </message>
    <message>
        <source>A key comes from the environment variable {name}. It goes before one that is saved here.</source>
        <translation>密钥来自环境变量 {name}。它优先于保存在此处的密钥。</translation>
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
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
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
    <message>
        <source>The key is saved.</source>
        <translation>密钥已保存。</translation>
    </message>
    <message>
        <source>The key is kept until you quit.</source>
        <translation>密钥将保留到您退出应用为止。</translation>
    </message>
    <message>
        <source>Asking Replicate…</source>
        <translation>正在询问 Replicate…</translation>
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
        <source>A key is in the keychain.</source>
        <translation>钥匙串中有一个密钥。</translation>
    </message>
    <message>
        <source>Without a key the cloud is not used. Make one at {link}.</source>
        <translation>没有密钥就不会使用云端。您可以在 {link} 创建一个。</translation>
    </message>
    <message>
        <source>This month: {money} for {pictures}.</source>
        <translation>本月：{pictures}，共 {money}。</translation>
    </message>
</context>
<context>
    <name>CountField</name>
    <message>
        <source>Number of pictures</source>
        <translation>图片数量</translation>
    </message>
    <message>
        <source>One picture less</source>
        <translation>减少一张</translation>
    </message>
    <message>
        <source>One picture more</source>
        <translation>增加一张</translation>
    </message>
</context>
<context>
    <name>DesktopPresence</name>
    <message>
        <source>Closing only put the window aside, because pictures were still being painted.</source>
        <translation>还有图片正在生成，因此关闭只是收起了窗口。</translation>
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
        <source>A picture could not be painted</source>
        <translation>有一张图片未能生成</translation>
    </message>
</context>
<context>
    <name>EmptyState</name>
    <message>
        <source>What would you like to see?</source>
        <translation>您想看到什么？</translation>
    </message>
    <message>
        <source>Describe it on the left and press Generate. There are three ways to paint it:</source>
        <translation>在左侧描述画面，然后按“生成”。有三种绘制方式：</translation>
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
    <name>FirstRun</name>
    <message>
        <source>Ways to paint</source>
        <translation>绘制方式</translation>
    </message>
    <message>
        <source>A small model that came with the app: simple drawn scenes, at once and without a download.</source>
        <translation>随应用附带的小模型：可立即绘制简单的画面，无需下载。</translation>
    </message>
    <message>
        <source>Try the starter</source>
        <translation>试用入门模型</translation>
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
        <source>Paints anything you describe. It is computed here, and your prompts stay here.</source>
        <translation>可以绘制您描述的任何内容。在本机计算，提示词不会离开本机。</translation>
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
        <source>Nothing to download: Replicate paints it in seconds, for about one cent a picture. It needs a key, and your prompts are sent there.</source>
        <translation>无需下载：Replicate 几秒即可完成绘制，每张约一美分。需要密钥，并且您的提示词会发送到那里。</translation>
    </message>
    <message>
        <source>Use the cloud</source>
        <translation>使用云端</translation>
    </message>
    <message>
        <source>Enter a key…</source>
        <translation>输入密钥…</translation>
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
    <name>Header</name>
    <message>
        <source>Toolbar</source>
        <translation>工具栏</translation>
    </message>
    <message>
        <source>Show or hide the prompt</source>
        <translation>显示或隐藏提示词面板</translation>
    </message>
    <message>
        <source>Show or hide the details</source>
        <translation>显示或隐藏详细信息</translation>
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
        <source>Search the pictures</source>
        <translation>搜索图片</translation>
    </message>
    <message>
        <source>Search pictures</source>
        <translation>搜索图片</translation>
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
        <source>{problem} The token is kept until you quit.</source>
        <translation>{problem}令牌将保留到您退出应用为止。</translation>
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
        <source>Use settings</source>
        <translation>使用设置</translation>
    </message>
    <message>
        <source>Put all of this picture&apos;s settings into the panel</source>
        <translation>将这张图片的所有设置填入面板</translation>
    </message>
    <message>
        <source>Vary</source>
        <translation>再来一张</translation>
    </message>
    <message>
        <source>Paint it again with another seed</source>
        <translation>换一个种子重新生成</translation>
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
        <source>This file does not say how it was made.</source>
        <translation>此文件没有生成信息。</translation>
    </message>
</context>
<context>
    <name>JobDesk</name>
    <message>
        <source>A job waits since the last time.</source>
        <translation>上次有一个任务尚未完成。</translation>
    </message>
    <message>
        <source>{n} jobs wait since the last time.</source>
        <translation>上次有 {n} 个任务尚未完成。</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>重试</translation>
    </message>
</context>
<context>
    <name>JobRow</name>
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
</context>
<context>
    <name>JobsPopover</name>
    <message>
        <source>Jobs</source>
        <translation>任务</translation>
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
    <name>MainWindow</name>
    <message>
        <source>Copied</source>
        <translation>已拷贝</translation>
    </message>
    <message>
        <source>About Sana Studio</source>
        <translation>关于 Sana Studio</translation>
    </message>
    <message>
        <source>Paints pictures with NVIDIA SANA on your own machine.</source>
        <translation>在您自己的电脑上用 NVIDIA SANA 生成图片。</translation>
    </message>
    <message>
        <source>Settings taken from “{name}”. Its model is not on this machine.</source>
        <translation>已采用“{name}”的设置。它的模型不在这台电脑上。</translation>
    </message>
    <message>
        <source>“{name}” does not say how it was made.</source>
        <translation>“{name}”没有生成信息。</translation>
    </message>
    <message>
        <source>Start from it</source>
        <translation>以它为起点</translation>
    </message>
    <message>
        <source>Settings taken from “{name}”.</source>
        <translation>已采用“{name}”的设置。</translation>
    </message>
    <message>
        <source>A prompt has room for {n} characters. The rest was left out.</source>
        <translation>提示词最多 {n} 个字符，超出的部分已略去。</translation>
    </message>
    <message>
        <source>Its model is not on this machine.</source>
        <translation>它的模型不在这台电脑上。</translation>
    </message>
    <message>
        <source>Read settings from a picture</source>
        <translation>从图片读取设置</translation>
    </message>
    <message>
        <source>Pictures (*.png *.jpg *.jpeg *.webp)</source>
        <translation>图片 (*.png *.jpg *.jpeg *.webp)</translation>
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
        <source>Larger Thumbnails</source>
        <translation>放大缩略图</translation>
    </message>
    <message>
        <source>Smaller Thumbnails</source>
        <translation>缩小缩略图</translation>
    </message>
    <message>
        <source>Show or Hide the Prompt</source>
        <translation>显示或隐藏提示词面板</translation>
    </message>
    <message>
        <source>Show or Hide the Details</source>
        <translation>显示或隐藏详细信息</translation>
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
        <source>Cancel the Running Job</source>
        <translation>取消正在进行的任务</translation>
    </message>
    <message>
        <source>View Large</source>
        <translation>查看大图</translation>
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
        <source>Favourite</source>
        <translation>收藏</translation>
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
        <source>Starting</source>
        <translation>正在启动</translation>
    </message>
    <message>
        <source>the picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>the velocity of step {0}</source>
        <translation>第 {0} 步的速度场</translation>
    </message>
    <message>
        <source>in {0}, {1}</source>
        <translation>在 {0} 下，{1}</translation>
    </message>
    <message>
        <source>{0} does not have {1} of {2}.</source>
        <translation>{0} 上没有 {2} 的 {1}。</translation>
    </message>
    <message>
        <source>Enter your Hugging Face token in Settings under Models, or with: sana-studio keys set huggingface.</source>
        <translation>请在“设置”的“模型”页面输入您的 Hugging Face 令牌，或使用命令：sana-studio keys set huggingface。</translation>
    </message>
    <message>
        <source>{0} is damaged: {1} has {2} entries, not {3}.</source>
        <translation>{0} 已损坏：{1} 有 {2} 项，应为 {3} 项。</translation>
    </message>
    <message>
        <source>{0} and {1} cannot be found.</source>
        <translation>找不到 {0} 和 {1}。</translation>
    </message>
    <message>
        <source>it gave no reason.</source>
        <translation>未说明原因。</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
    <message>
        <source>{0}; {1}</source>
        <translation>{0}；{1}</translation>
    </message>
    <message>
        <source>{0} and {1}</source>
        <translation>{0} 和 {1}</translation>
    </message>
    <message>
        <source>.</source>
        <translation>。</translation>
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
        <source>{0} steps do not fit {1}.</source>
        <translation>{1} 不能使用 {0} 步。</translation>
    </message>
    <message>
        <source>Choose {0} to {1} steps.</source>
        <translation>请选择 {0} 到 {1} 步。</translation>
    </message>
    <message>
        <source>A guidance of {0} does not fit {1}.</source>
        <translation>{1} 不能使用引导强度 {0}。</translation>
    </message>
    <message>
        <source>Choose {0} to {1}.</source>
        <translation>请选择 {0} 到 {1}。</translation>
    </message>
    <message>
        <source>{0} does not work with the solver “{1}”.</source>
        <translation>{0} 不能使用采样器“{1}”。</translation>
    </message>
    <message>
        <source>Choose {0}.</source>
        <translation>请选择 {0}。</translation>
    </message>
    <message>
        <source>The precision “{0}” is not available here.</source>
        <translation>这里不能使用精度“{0}”。</translation>
    </message>
    <message>
        <source>{0} pictures are not possible.</source>
        <translation>不能生成 {0} 张图片。</translation>
    </message>
    <message>
        <source>Choose 1 to {0}.</source>
        <translation>请选择 1 到 {0}。</translation>
    </message>
    <message>
        <source>The seed {0} is out of range.</source>
        <translation>种子 {0} 超出范围。</translation>
    </message>
    <message>
        <source>Choose 0 to {0}.</source>
        <translation>请选择 0 到 {0}。</translation>
    </message>
    <message>
        <source>{0} cannot start from a picture here.</source>
        <translation>{0} 在这里不能以图片为起点。</translation>
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
        <source>A strength of {0} is out of range.</source>
        <translation>改变程度 {0} 超出范围。</translation>
    </message>
    <message>
        <source>Choose more than 0, at most 1.</source>
        <translation>请选择大于 0、不超过 1 的值。</translation>
    </message>
    <message>
        <source>{0} × {1} does not fit {2}.</source>
        <translation>{2} 不能使用 {0} × {1} 的尺寸。</translation>
    </message>
    <message>
        <source>Sides must be multiples of {0} from {1} to {2} pixels; the nearest size is {3} × {4}.</source>
        <translation>边长必须是 {0} 的倍数，并在 {1} 到 {2} 像素之间；最接近的尺寸是 {3} × {4}。</translation>
    </message>
    <message>
        <source>The model catalog is wrong: {0}.</source>
        <translation>模型目录有误：{0}。</translation>
    </message>
    <message>
        <source>Mend resources/catalog.toml or install the app again.</source>
        <translation>请修正 resources/catalog.toml，或重新安装应用。</translation>
    </message>
    <message>
        <source>The computation broke down: {0} contains values that are not numbers.</source>
        <translation>计算出错：{0} 中含有非数值。</translation>
    </message>
    <message>
        <source>Choose a safer precision (float32) or another backend in Settings.</source>
        <translation>请在“设置”中选择更稳妥的精度 (float32) 或其他计算后端。</translation>
    </message>
    <message>
        <source>{0} is damaged: it is no tokenizer.</source>
        <translation>{0} 已损坏：它不是分词器。</translation>
    </message>
    <message>
        <source>the prompt embedding</source>
        <translation>提示词的嵌入</translation>
    </message>
    <message>
        <source>the latents</source>
        <translation>潜变量</translation>
    </message>
    <message>
        <source>This checkpoint&apos;s scheduler asks for {0} = {1}, which is not supported.</source>
        <translation>此检查点的调度器要求 {0} = {1}，应用不支持。</translation>
    </message>
    <message>
        <source>Use a SANA checkpoint with its original scheduler_config.json.</source>
        <translation>请使用带有原始 scheduler_config.json 的 SANA 检查点。</translation>
    </message>
    <message>
        <source>Choose a SANA checkpoint in diffusers layout: a folder with model_index.json in it.</source>
        <translation>请选择 diffusers 格式的 SANA 检查点：其中含有 model_index.json 的文件夹。</translation>
    </message>
    <message>
        <source>{0} holds a {1}, not SANA.</source>
        <translation>{0} 中是 {1}，不是 SANA。</translation>
    </message>
    <message>
        <source>model of an unknown kind</source>
        <translation>未知类型的模型</translation>
    </message>
    <message>
        <source>{0} is missing.</source>
        <translation>缺少 {0}。</translation>
    </message>
    <message>
        <source>{0}: the transformer and the vae do not belong together.</source>
        <translation>{0}：transformer 与 vae 不匹配。</translation>
    </message>
    <message>
        <source>{0}: the transformer and the text encoder do not belong together.</source>
        <translation>{0}：transformer 与文本编码器不匹配。</translation>
    </message>
    <message>
        <source>{0} is a pickle, which can hide harmful code, so it is not opened.</source>
        <translation>{0} 是 pickle 文件，可能藏有恶意代码，因此不会打开。</translation>
    </message>
    <message>
        <source>{0} is a single file, not a checkpoint in diffusers layout.</source>
        <translation>{0} 是单个文件，不是 diffusers 格式的检查点。</translation>
    </message>
    <message>
        <source>There is no folder {0}.</source>
        <translation>没有文件夹 {0}。</translation>
    </message>
    <message>
        <source>Choose the folder of a checkpoint.</source>
        <translation>请选择检查点所在的文件夹。</translation>
    </message>
    <message>
        <source>{0} describes {1}, not {2}.</source>
        <translation>{0} 描述的是 {1}，而不是 {2}。</translation>
    </message>
    <message>
        <source>an unknown model</source>
        <translation>未知模型</translation>
    </message>
    <message>
        <source>{0} is already quantized, which is not supported.</source>
        <translation>{0} 已经过量化，应用不支持。</translation>
    </message>
    <message>
        <source>Use the full checkpoint; it can be made smaller when it is loaded.</source>
        <translation>请使用完整的检查点；载入时可以将其缩小。</translation>
    </message>
    <message>
        <source>{0} is damaged: {1} is {2}.</source>
        <translation>{0} 已损坏：{1} 的值为 {2}。</translation>
    </message>
    <message>
        <source>{0} is damaged: {1}.</source>
        <translation>{0} 已损坏：{1}。</translation>
    </message>
    <message>
        <source>{0} is damaged: encoder_block_out_channels is {1}.</source>
        <translation>{0} 已损坏：encoder_block_out_channels 的值为 {1}。</translation>
    </message>
    <message>
        <source>{0}: model_index.json and transformer/config.json disagree.</source>
        <translation>{0}：model_index.json 与 transformer/config.json 不一致。</translation>
    </message>
    <message>
        <source>{0} asks for {1}, which does not fit this model.</source>
        <translation>{0} 要求使用 {1}，与此模型不符。</translation>
    </message>
    <message>
        <source>{0} is damaged: the shift is {1}.</source>
        <translation>{0} 已损坏：shift 的值为 {1}。</translation>
    </message>
    <message>
        <source>Look for a newer version of the app; this model&apos;s files have changed.</source>
        <translation>请检查应用是否有新版本；此模型的文件已有变动。</translation>
    </message>
    <message>
        <source>The repository lacks {0}.</source>
        <translation>仓库中缺少 {0}。</translation>
    </message>
    <message>
        <source>The repository has {0} only as a pickle, which can hide harmful code.</source>
        <translation>仓库中的 {0} 只有 pickle 文件，可能藏有恶意代码。</translation>
    </message>
    <message>
        <source>Choose a model whose weights are safetensors files.</source>
        <translation>请选择权重为 safetensors 文件的模型。</translation>
    </message>
    <message>
        <source>The repository lacks the weights of {0}.</source>
        <translation>仓库中缺少 {0} 的权重。</translation>
    </message>
    <message>
        <source>{0} of {1} arrived damaged twice.</source>
        <translation>{1} 的 {0} 两次下载后都已损坏。</translation>
    </message>
    <message>
        <source>Try again later, or choose another address under “Download models from” in Settings.</source>
        <translation>请稍后重试，或在“设置”的“模型下载地址”中换一个地址。</translation>
    </message>
    <message>
        <source>{0} needs {1} GB on the disk, but only {2} GB are free.</source>
        <translation>{0} 需要 {1} GB 磁盘空间，但只剩 {2} GB 可用。</translation>
    </message>
    <message>
        <source>Free some space on the disk of {0}, or set HF_HOME to a folder on another disk.</source>
        <translation>请在 {0} 所在的磁盘上腾出一些空间，或将 HF_HOME 设为另一磁盘上的文件夹。</translation>
    </message>
    <message>
        <source>No picture can be saved</source>
        <translation>无法保存图片</translation>
    </message>
    <message>
        <source>{0}: the disk is full.</source>
        <translation>{0}：磁盘已满。</translation>
    </message>
    <message>
        <source>Free some space on the disk of “{0}” and try again.</source>
        <translation>请在“{0}”所在的磁盘上腾出一些空间，然后重试。</translation>
    </message>
    <message>
        <source>{0}: the folder “{1}” cannot be written to.</source>
        <translation>{0}：无法写入文件夹“{1}”。</translation>
    </message>
    <message>
        <source>Allow writing to it, or choose another folder.</source>
        <translation>请允许写入该文件夹，或选择其他文件夹。</translation>
    </message>
    <message>
        <source>{0}: “{1}” is no folder that can be used.</source>
        <translation>{0}：“{1}”不是可用的文件夹。</translation>
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
        <source>The folder “{0}” may not be read.</source>
        <translation>没有权限读取文件夹“{0}”。</translation>
    </message>
    <message>
        <source>Allow reading it, or choose another folder in Settings.</source>
        <translation>请允许读取，或在“设置”中选择其他文件夹。</translation>
    </message>
    <message>
        <source>enter your Hugging Face token in Settings under Models, or with: sana-studio keys set huggingface</source>
        <translation>在“设置”的“模型”页面输入您的 Hugging Face 令牌，或使用命令：sana-studio keys set huggingface</translation>
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
        <source>{0} does not answer.</source>
        <translation>{0} 没有响应。</translation>
    </message>
    <message>
        <source>Check the connection and continue; what has arrived is kept.</source>
        <translation>请检查网络连接后继续；已下载的内容会保留。</translation>
    </message>
    <message>
        <source>{0} cannot be reached.</source>
        <translation>无法连接 {0}。</translation>
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
        <source>The owner of {0} wants to know who downloads it.</source>
        <translation>{0} 的所有者要求登记下载者。</translation>
    </message>
    <message>
        <source>Ask for access at {0}/{1}, then {2}.</source>
        <translation>请在 {0}/{1} 申请访问权限，然后 {2}。</translation>
    </message>
    <message>
        <source>{0} does not accept your token.</source>
        <translation>{0} 不接受您的令牌。</translation>
    </message>
    <message>
        <source>Make a new one at {0}/settings/tokens, then {1}.</source>
        <translation>请在 {0}/settings/tokens 新建一个令牌，然后 {1}。</translation>
    </message>
    <message>
        <source>{0} needs a token, or it does not exist any more.</source>
        <translation>{0} 需要令牌，或者已不存在。</translation>
    </message>
    <message>
        <source>{0} does not have {1}.</source>
        <translation>{0} 上没有 {1}。</translation>
    </message>
    <message>
        <source>Check “Download models from” in Settings, or look for a newer version of the app.</source>
        <translation>请检查“设置”中的“模型下载地址”，或检查应用是否有新版本。</translation>
    </message>
    <message>
        <source>{0} has had too many requests from here.</source>
        <translation>从这里发往 {0} 的请求过多。</translation>
    </message>
    <message>
        <source>Wait some minutes, then continue; what has arrived is kept.</source>
        <translation>请等几分钟再继续；已下载的内容会保留。</translation>
    </message>
    <message>
        <source>{0} has a problem (error {1}).</source>
        <translation>{0} 出现问题（错误 {1}）。</translation>
    </message>
    <message>
        <source>Try again later; what has arrived is kept.</source>
        <translation>请稍后重试；已下载的内容会保留。</translation>
    </message>
    <message>
        <source>{0} does not answer like Hugging Face.</source>
        <translation>{0} 的响应不像 Hugging Face。</translation>
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
        <source>Choose a name that ends in .png.</source>
        <translation>请使用以 .png 结尾的名称。</translation>
    </message>
    <message>
        <source>“{0}” is no name for a picture.</source>
        <translation>“{0}”不能用作图片的名称。</translation>
    </message>
    <message>
        <source>Choose a name that ends in .png, .jpg, .jpeg or .webp.</source>
        <translation>请使用以 .png、.jpg、.jpeg 或 .webp 结尾的名称。</translation>
    </message>
    <message>
        <source>“{0}” carries too much text to be read.</source>
        <translation>“{0}”中的文本过多，无法读取。</translation>
    </message>
    <message>
        <source>Use a copy without it.</source>
        <translation>请使用不含这些文本的副本。</translation>
    </message>
    <message>
        <source>“{0}” is too large.</source>
        <translation>“{0}”太大。</translation>
    </message>
    <message>
        <source>Use a smaller copy of it.</source>
        <translation>请使用较小的副本。</translation>
    </message>
    <message>
        <source>There is no picture “{0}” in “{1}”.</source>
        <translation>“{1}”中没有图片“{0}”。</translation>
    </message>
    <message>
        <source>It was moved or deleted, or the name is mistyped.</source>
        <translation>它已被移动或删除，或者名称有误。</translation>
    </message>
    <message>
        <source>“{0}” may not be read.</source>
        <translation>没有权限读取“{0}”。</translation>
    </message>
    <message>
        <source>Allow reading it, or use a copy.</source>
        <translation>请允许读取，或使用副本。</translation>
    </message>
    <message>
        <source>“{0}” is a folder.</source>
        <translation>“{0}”是文件夹。</translation>
    </message>
    <message>
        <source>Choose a picture.</source>
        <translation>请选择一张图片。</translation>
    </message>
    <message>
        <source>“{0}” has too many pixels.</source>
        <translation>“{0}”的像素过多。</translation>
    </message>
    <message>
        <source>“{0}” is no picture that can be read, or it is damaged.</source>
        <translation>“{0}”不是可读取的图片，或已损坏。</translation>
    </message>
    <message>
        <source>Use a whole PNG, JPEG or WebP file.</source>
        <translation>请使用完整的 PNG、JPEG 或 WebP 文件。</translation>
    </message>
    <message>
        <source>“{0}” is not complete: its end is missing.</source>
        <translation>“{0}”不完整：缺少末尾部分。</translation>
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
        <source>There is no model called “{0}”.</source>
        <translation>没有名为“{0}”的模型。</translation>
    </message>
    <message>
        <source>Choose one of: {0}.</source>
        <translation>请选择其中之一：{0}。</translation>
    </message>
    <message>
        <source>Choose one of: {0}; or the folder of a checkpoint in diffusers layout.</source>
        <translation>请选择其中之一：{0}；或 diffusers 格式检查点的文件夹。</translation>
    </message>
    <message>
        <source>The licence of {0} has not been accepted.</source>
        <translation>尚未同意 {0} 的许可。</translation>
    </message>
    <message>
        <source>Read it at {0}.</source>
        <translation>请在 {0} 阅读。</translation>
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
        <source>{0} comes with the app and cannot be removed.</source>
        <translation>{0} 随应用附带，不能移除。</translation>
    </message>
    <message>
        <source>{0} could not be removed</source>
        <translation>无法移除 {0}</translation>
    </message>
    <message>
        <source>The list of models could not be saved</source>
        <translation>无法保存模型列表</translation>
    </message>
    <message>
        <source>{0} is damaged.</source>
        <translation>{0} 已损坏。</translation>
    </message>
    <message>
        <source>Install the app again.</source>
        <translation>请重新安装应用。</translation>
    </message>
    <message>
        <source>Get it in Settings under Models, or with: sana-studio models download {0}</source>
        <translation>请在“设置”的“模型”页面下载，或使用命令：sana-studio models download {0}</translation>
    </message>
    <message>
        <source>{0} is not complete.</source>
        <translation>{0} 不完整。</translation>
    </message>
    <message>
        <source>{0} (it goes on where it was).</source>
        <translation>{0}（会从中断处继续）。</translation>
    </message>
    <message>
        <source>{0} is not on this computer yet.</source>
        <translation>{0} 还不在这台电脑上。</translation>
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
        <source>Choose a folder.</source>
        <translation>请选择一个文件夹。</translation>
    </message>
    <message>
        <source>Type an address such as https://huggingface.co, or leave it empty.</source>
        <translation>请输入 https://huggingface.co 这样的地址，或留空。</translation>
    </message>
    <message>
        <source>{0} does not fit the setting “{1}”.</source>
        <translation>{0} 不适用于设置“{1}”。</translation>
    </message>
    <message>
        <source>The settings could not be saved</source>
        <translation>无法保存设置</translation>
    </message>
    <message>
        <source>{0} does not hold a SANA transformer with diffusers&apos; names.</source>
        <translation>{0} 中没有以 diffusers 方式命名的 SANA transformer。</translation>
    </message>
    <message>
        <source>Choose the weights of a transformer, or the folder of a whole checkpoint.</source>
        <translation>请选择 transformer 的权重，或完整检查点的文件夹。</translation>
    </message>
    <message>
        <source>{0} fits none of the models on this computer.</source>
        <translation>{0} 与这台电脑上的任何模型都不匹配。</translation>
    </message>
    <message>
        <source>Download the model that it was made from: the file takes its text encoder and its autoencoder.</source>
        <translation>请下载它所基于的模型：此文件需要该模型的文本编码器和自编码器。</translation>
    </message>
    <message>
        <source>The picture “{0}” is gone.</source>
        <translation>图片“{0}”已不存在。</translation>
    </message>
    <message>
        <source>It was moved or deleted.</source>
        <translation>它已被移动或删除。</translation>
    </message>
    <message>
        <source>“{0}” could not be deleted</source>
        <translation>无法删除“{0}”</translation>
    </message>
    <message>
        <source>“{0}” is no longer here.</source>
        <translation>“{0}”已不在这里。</translation>
    </message>
    <message>
        <source>Look for it in the system&apos;s trash.</source>
        <translation>请在系统的废纸篓中查找。</translation>
    </message>
    <message>
        <source>“{0}” could not be put back</source>
        <translation>无法放回“{0}”</translation>
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
        <source>The list of versions cannot be read (status {0}).</source>
        <translation>无法读取版本列表（状态 {0}）。</translation>
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
        <source>{0} is too large for a description file.</source>
        <translation>{0} 作为描述文件过大。</translation>
    </message>
    <message>
        <source>{0} cannot be read: {1}.</source>
        <translation>无法读取 {0}：{1}。</translation>
    </message>
    <message>
        <source>Check the folder&apos;s permissions.</source>
        <translation>请检查该文件夹的权限。</translation>
    </message>
    <message>
        <source>{0} is damaged: it is not JSON.</source>
        <translation>{0} 已损坏：它不是 JSON。</translation>
    </message>
    <message>
        <source>{0} is damaged: it does not describe anything.</source>
        <translation>{0} 已损坏：其中没有任何描述。</translation>
    </message>
    <message>
        <source>Use a checkpoint whose weights are safetensors files.</source>
        <translation>请使用权重为 safetensors 文件的检查点。</translation>
    </message>
    <message>
        <source>{0}.safetensors is missing.</source>
        <translation>缺少 {0}.safetensors。</translation>
    </message>
    <message>
        <source>{0} is damaged: it is not a safetensors file.</source>
        <translation>{0} 已损坏：它不是 safetensors 文件。</translation>
    </message>
    <message>
        <source>{0} is truncated: it ends within its header.</source>
        <translation>{0} 不完整：文件在文件头中就结束了。</translation>
    </message>
    <message>
        <source>{0} is damaged: its header makes no sense.</source>
        <translation>{0} 已损坏：文件头无法解读。</translation>
    </message>
    <message>
        <source>{0} is truncated: {1} of {2} bytes are there.</source>
        <translation>{0} 不完整：{2} 字节中只有 {1} 字节。</translation>
    </message>
    <message>
        <source>{0} is damaged: it is longer than its header says.</source>
        <translation>{0} 已损坏：它比文件头所述更长。</translation>
    </message>
    <message>
        <source>{0} is incomplete: it lacks some of its weights.</source>
        <translation>{0} 不完整：缺少部分权重。</translation>
    </message>
    <message>
        <source>{0} is stored as {1}, which is not supported.</source>
        <translation>{0} 以 {1} 存储，应用不支持。</translation>
    </message>
    <message>
        <source>Use a checkpoint stored as float32, float16 or bfloat16; it can be made smaller when it is loaded.</source>
        <translation>请使用以 float32、float16 或 bfloat16 存储的检查点；载入时可以将其缩小。</translation>
    </message>
    <message>
        <source>{0} is damaged: it names no weights.</source>
        <translation>{0} 已损坏：其中没有列出权重。</translation>
    </message>
    <message>
        <source>{0} names a weight file that is not allowed: {1}.</source>
        <translation>{0} 列出了不允许的权重文件：{1}。</translation>
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
        <source>But the self-test failed in {0}: pictures may be wrong.</source>
        <translation>但 {0} 的自检未通过：图片可能有误。</translation>
    </message>
    <message>
        <source>Choose a safer precision in Settings, or another backend.</source>
        <translation>请在“设置”中选择更稳妥的精度，或选择其他计算后端。</translation>
    </message>
    <message>
        <source>There is no model on this computer.</source>
        <translation>这台电脑上没有模型。</translation>
    </message>
    <message>
        <source>Get one in Settings.</source>
        <translation>请在“设置”中获取一个模型。</translation>
    </message>
    <message>
        <source>again in {0}, because {1} broke down in {2}</source>
        <translation>改用 {0}，因为 {1} 在 {2} 下计算出错</translation>
    </message>
    <message>
        <source>Painting {0}</source>
        <translation>正在重新生成：{0}</translation>
    </message>
    <message>
        <source>Painted {0}.</source>
        <translation>已重新生成：{0}。</translation>
    </message>
    <message>
        <source>Loading {0}</source>
        <translation>正在载入 {0}</translation>
    </message>
    <message>
        <source>Reading the prompt</source>
        <translation>正在读取提示词</translation>
    </message>
    <message>
        <source>{0} cannot be found.</source>
        <translation>找不到 {0}。</translation>
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
        <source>It works on the NVIDIA GPU.</source>
        <translation>使用 NVIDIA GPU。</translation>
    </message>
    <message>
        <source>It works on the processor, which is slow.</source>
        <translation>使用处理器，速度较慢。</translation>
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
        <source>“{0}” cannot be used: {1}.</source>
        <translation>“{0}”无法使用：{1}。</translation>
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
        <source>Nothing on this machine can paint this.</source>
        <translation>这台电脑上没有可以绘制它的方式。</translation>
    </message>
    <message>
        <source>This needs {0} GB of memory; {1} GB may be used here.</source>
        <translation>这需要 {0} GB 内存；这里可以使用 {1} GB。</translation>
    </message>
    <message>
        <source>Choose a smaller model, or the cloud.</source>
        <translation>请选择较小的模型或云端。</translation>
    </message>
    <message>
        <source>There is no backend called “{0}”.</source>
        <translation>没有名为“{0}”的计算后端。</translation>
    </message>
    <message>
        <source>{0} cannot be used: {1}</source>
        <translation>{0} 无法使用：{1}</translation>
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
        <source>Choose the model “{0}”.</source>
        <translation>请选择模型“{0}”。</translation>
    </message>
    <message>
        <source>the precision “{0}”</source>
        <translation>精度“{0}”</translation>
    </message>
    <message>
        <source>{0} × {1} pixels</source>
        <translation>{0} × {1} 像素</translation>
    </message>
    <message>
        <source>an answer of another shape ({0})</source>
        <translation>响应的格式不符（{0}）</translation>
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
        <source>Connecting to Replicate</source>
        <translation>正在连接 Replicate</translation>
    </message>
    <message>
        <source>This would cost about {0}, and this month&apos;s limit for the cloud is {1}; {2} of it is spent.</source>
        <translation>这将花费约 {0}，而本月的云端限额为 {1}，已用 {2}。</translation>
    </message>
    <message>
        <source>Paint it anyway (up to ${0} this month), or raise the limit in Settings, Cloud.</source>
        <translation>您可以仍然绘制（本月至多 ${0}），或在“设置”的“云端”页面提高限额。</translation>
    </message>
    <message>
        <source>less than $0.001</source>
        <translation>不到 $0.001</translation>
    </message>
    <message>
        <source>Picture {0} of {1}: {2}</source>
        <translation>第 {0} 张，共 {1} 张：{2}</translation>
    </message>
    <message>
        <source>There is no key for Replicate.</source>
        <translation>没有 Replicate 的密钥。</translation>
    </message>
    <message>
        <source>Enter one in Settings, Cloud; replicate.com/account/api-tokens makes one.</source>
        <translation>请在“设置”的“云端”页面输入；可在 replicate.com/account/api-tokens 创建。</translation>
    </message>
    <message>
        <source>The key for Replicate contains characters that no key has.</source>
        <translation>Replicate 的密钥中含有密钥不会有的字符。</translation>
    </message>
    <message>
        <source>Copy and enter it again.</source>
        <translation>请重新拷贝并输入。</translation>
    </message>
    <message>
        <source>Waiting for Replicate</source>
        <translation>正在等待 Replicate</translation>
    </message>
    <message>
        <source>“{0}” is no model at Replicate that this app knows.</source>
        <translation>“{0}”不是本应用所知的 Replicate 模型。</translation>
    </message>
    <message>
        <source>Replicate does not offer {0} any more, or not in a way that this app understands.</source>
        <translation>Replicate 已不再提供 {0}，或其提供方式本应用无法理解。</translation>
    </message>
    <message>
        <source>Choose another model, or look for an update of the app.</source>
        <translation>请选择其他模型，或检查应用是否有更新。</translation>
    </message>
    <message>
        <source>Asking Replicate whether the picture was started</source>
        <translation>正在询问 Replicate 是否已开始生成图片</translation>
    </message>
    <message>
        <source>Replicate made a picture of {0} × {1} pixels.</source>
        <translation>Replicate 生成的图片为 {0} × {1} 像素。</translation>
    </message>
    <message>
        <source>Replicate does not answer any more.</source>
        <translation>Replicate 不再响应。</translation>
    </message>
    <message>
        <source>Check the internet connection and try again: the picture goes on there, and is fetched without being charged again.</source>
        <translation>请检查互联网连接后重试：图片仍在那里生成，取回时不会再次收费。</translation>
    </message>
    <message>
        <source>Replicate did not finish the picture within {0} minutes.</source>
        <translation>Replicate 未能在 {0} 分钟内完成图片。</translation>
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
        <source>Replicate does not know the picture any more.</source>
        <translation>Replicate 已找不到这张图片。</translation>
    </message>
    <message>
        <source>Paint it again; that may be charged again.</source>
        <translation>请重新生成；可能会再次收费。</translation>
    </message>
    <message>
        <source>Try again, or change the prompt or the size.</source>
        <translation>请重试，或更改提示词或尺寸。</translation>
    </message>
    <message>
        <source>Replicate could not paint the picture: {0}</source>
        <translation>Replicate 未能生成图片：{0}</translation>
    </message>
    <message>
        <source>The picture was cancelled at Replicate.</source>
        <translation>图片已在 Replicate 被取消。</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>请重试。</translation>
    </message>
    <message>
        <source>Replicate was too busy to start the picture and gave it up; it was not charged.</source>
        <translation>Replicate 过于繁忙，未能开始生成图片，已放弃；没有收费。</translation>
    </message>
    <message>
        <source>Replicate is busy and asks to wait ({0} s)</source>
        <translation>Replicate 繁忙，需要等待（{0} 秒）</translation>
    </message>
    <message>
        <source>Waiting for Replicate ({0} s)</source>
        <translation>正在等待 Replicate（{0} 秒）</translation>
    </message>
    <message>
        <source>Replicate is painting: {0}</source>
        <translation>Replicate 正在生成：{0}</translation>
    </message>
    <message>
        <source>Replicate is painting</source>
        <translation>Replicate 正在生成</translation>
    </message>
    <message>
        <source>Replicate cannot be reached ({0}).</source>
        <translation>无法连接 Replicate（{0}）。</translation>
    </message>
    <message>
        <source>Check the internet connection and try again.</source>
        <translation>请检查互联网连接后重试。</translation>
    </message>
    <message>
        <source>Replicate does not accept the key.</source>
        <translation>Replicate 不接受此密钥。</translation>
    </message>
    <message>
        <source>Check it in Settings, Cloud, or make a new one at replicate.com/account/api-tokens.</source>
        <translation>请在“设置”的“云端”页面检查密钥，或在 replicate.com/account/api-tokens 新建一个。</translation>
    </message>
    <message>
        <source>The Replicate account has no credit left.</source>
        <translation>Replicate 账户已没有余额。</translation>
    </message>
    <message>
        <source>Add credit at replicate.com/account/billing, wait some minutes and try again.</source>
        <translation>请在 replicate.com/account/billing 充值，等几分钟后重试。</translation>
    </message>
    <message>
        <source>Replicate does not allow this to the key&apos;s account{0}</source>
        <translation>Replicate 不允许密钥所属的账户这样做{0}</translation>
    </message>
    <message>
        <source>Use another key.</source>
        <translation>请使用其他密钥。</translation>
    </message>
    <message>
        <source>Replicate does not know this model any more.</source>
        <translation>Replicate 已没有此模型。</translation>
    </message>
    <message>
        <source>Choose another model.</source>
        <translation>请选择其他模型。</translation>
    </message>
    <message>
        <source>Replicate refuses the request{0}</source>
        <translation>Replicate 拒绝了请求{0}</translation>
    </message>
    <message>
        <source>Change what it names and try again.</source>
        <translation>请更改其中指出的内容后重试。</translation>
    </message>
    <message>
        <source>Replicate takes no more pictures from this account now.</source>
        <translation>Replicate 目前不再接受此账户的图片。</translation>
    </message>
    <message>
        <source>Try again in some minutes.</source>
        <translation>请过几分钟重试。</translation>
    </message>
    <message>
        <source>Replicate has a problem of its own ({0}).</source>
        <translation>Replicate 自身出现问题（{0}）。</translation>
    </message>
    <message>
        <source>Replicate refuses the request ({0}){1}</source>
        <translation>Replicate 拒绝了请求（{0}）{1}</translation>
    </message>
    <message>
        <source>It is not clear whether Replicate has started the picture ({0}); it may have been charged.</source>
        <translation>不确定 Replicate 是否已开始生成图片（{0}）；可能已经收费。</translation>
    </message>
    <message>
        <source>Try again: the picture is looked for first, and only ordered anew where it is not found. replicate.com/predictions shows what was charged.</source>
        <translation>请重试：会先查找这张图片，找不到时才重新提交。收费情况可在 replicate.com/predictions 查看。</translation>
    </message>
    <message>
        <source>The picture is no longer at Replicate, which deletes pictures after an hour.</source>
        <translation>图片已不在 Replicate：它会在一小时后删除图片。</translation>
    </message>
    <message>
        <source>Paint it again; that is charged again.</source>
        <translation>请重新生成；会再次收费。</translation>
    </message>
    <message>
        <source>The picture is finished, but could not be fetched: {0}.</source>
        <translation>图片已完成，但无法取回：{0}。</translation>
    </message>
    <message>
        <source>Try again within an hour: it is fetched without being charged again.</source>
        <translation>请在一小时内重试：取回时不会再次收费。</translation>
    </message>
    <message>
        <source>it is larger than {0} MB</source>
        <translation>它超过 {0} MB</translation>
    </message>
    <message>
        <source>the answer holds no picture</source>
        <translation>响应中没有图片</translation>
    </message>
    <message>
        <source>its address is not safe</source>
        <translation>其地址不安全</translation>
    </message>
    <message>
        <source>its server answered {0}</source>
        <translation>其服务器返回了 {0}</translation>
    </message>
    <message>
        <source>it took too long</source>
        <translation>用时过长</translation>
    </message>
    <message>
        <source>the connection failed ({0})</source>
        <translation>连接失败（{0}）</translation>
    </message>
    <message>
        <source>what came is no whole picture</source>
        <translation>收到的不是完整的图片</translation>
    </message>
    <message>
        <source>it claims to have {0} × {1} pixels</source>
        <translation>它声称有 {0} × {1} 像素</translation>
    </message>
    <message>
        <source>The order could not be written down</source>
        <translation>无法记录此次提交</translation>
    </message>
    <message>
        <source>“{0}” is no {1}.</source>
        <translation>“{0}”不是有效的 {1}。</translation>
    </message>
    <message>
        <source>{0} cannot be {1}.</source>
        <translation>{0} 不能为 {1}。</translation>
    </message>
    <message>
        <source>Choose a whole number.</source>
        <translation>请选择整数。</translation>
    </message>
    <message>
        <source>Testing {0} in {1}</source>
        <translation>正在以 {1} 测试 {0}</translation>
    </message>
    <message>
        <source>{0} contains values that are not numbers</source>
        <translation>{0} 中含有非数值</translation>
    </message>
    <message>
        <source>the computation broke off: {0}</source>
        <translation>计算中断：{0}</translation>
    </message>
    <message>
        <source>The self-test&apos;s references in {0} cannot be used ({1}).</source>
        <translation>无法使用 {0} 中的自检参考数据（{1}）。</translation>
    </message>
    <message>
        <source>Install the app again; for a copy from source, run: make references</source>
        <translation>请重新安装应用；如果是从源代码运行，请执行：make references</translation>
    </message>
    <message>
        <source>Testing {0} needs {1} GB of memory; {2} GB may be used here.</source>
        <translation>测试 {0} 需要 {1} GB 内存；这里可以使用 {2} GB。</translation>
    </message>
    <message>
        <source>Test the starter model instead: leave out --model.</source>
        <translation>请改为测试入门模型：省略 --model。</translation>
    </message>
    <message>
        <source>{0} cannot be tested: in float32 on the processor, {1} breaks down.</source>
        <translation>无法测试 {0}：在处理器上以 float32 计算时，{1} 出错。</translation>
    </message>
    <message>
        <source>Its weights may be damaged; download the model again.</source>
        <translation>其权重可能已损坏；请重新下载模型。</translation>
    </message>
    <message>
        <source>the layer {0} {1}</source>
        <translation>层 {0} {1}</translation>
    </message>
    <message>
        <source>a golden picture is only {0} dB from the reference</source>
        <translation>一张基准图片与参考图片的信噪比只有 {0} dB</translation>
    </message>
    <message>
        <source>the weights are not those that the references were made with</source>
        <translation>权重与制作参考数据时所用的不同</translation>
    </message>
    <message>
        <source>was not computed</source>
        <translation>没有被计算</translation>
    </message>
    <message>
        <source>gives values that are not numbers</source>
        <translation>输出了非数值</translation>
    </message>
    <message>
        <source>gives an output of another size</source>
        <translation>输出的尺寸不符</translation>
    </message>
    <message>
        <source>is off by {0} of its size</source>
        <translation>的相对误差达到 {0}</translation>
    </message>
    <message>
        <source>The mask is black all over, so there is nothing to paint.</source>
        <translation>蒙版全黑，因此没有可生成的部分。</translation>
    </message>
    <message>
        <source>Paint white what is to change.</source>
        <translation>请将要改变的部分涂成白色。</translation>
    </message>
    <message>
        <source>It works {0}.</source>
        <translation>可以使用：{0}。</translation>
    </message>
    <message>
        <source>the encoded start picture</source>
        <translation>编码后的起始图片</translation>
    </message>
    <message>
        <source>The weights in {0} do not fit its config.json.</source>
        <translation>{0} 中的权重与其 config.json 不匹配。</translation>
    </message>
    <message>
        <source>The picture did not finish.</source>
        <translation>图片没有完成。</translation>
    </message>
    <message>
        <source>Choose another backend in Settings.</source>
        <translation>请在“设置”中选择其他计算后端。</translation>
    </message>
    <message>
        <source>{0} computes correctly in {1}.</source>
        <translation>{0} 以 {1} 计算的结果正确。</translation>
    </message>
    <message>
        <source>{0} failed: {1}.</source>
        <translation>{0} 未通过：{1}。</translation>
    </message>
    <message>
        <source>The model&apos;s files are not the original ones: install or download it again.</source>
        <translation>模型的文件不是原始文件：请重新安装或下载。</translation>
    </message>
    <message>
        <source>From now on it computes in {0}.</source>
        <translation>今后将以 {0} 计算。</translation>
    </message>
    <message>
        <source>There is not enough memory for this picture.</source>
        <translation>内存不足，无法生成这张图片。</translation>
    </message>
    <message>
        <source>Choose a smaller size or close other programs.</source>
        <translation>请选择较小的尺寸，或关闭其他程序。</translation>
    </message>
    <message>
        <source>Something went wrong inside the app ({0}).</source>
        <translation>应用内部出现问题（{0}）。</translation>
    </message>
    <message>
        <source>If it happens again, please report it with the log (Settings, Advanced).</source>
        <translation>如果再次发生，请附上日志报告问题（“设置”的“高级”页面）。</translation>
    </message>
    <message>
        <source>The painting process was ended, perhaps because memory ran out.</source>
        <translation>生成进程被终止，可能是因为内存不足。</translation>
    </message>
    <message>
        <source>Try again, or choose a smaller size or a lower precision.</source>
        <translation>请重试，或选择较小的尺寸或较低的精度。</translation>
    </message>
    <message>
        <source>The painting process stopped unexpectedly.</source>
        <translation>生成进程意外停止。</translation>
    </message>
    <message>
        <source>The log has the details.</source>
        <translation>详情请见日志。</translation>
    </message>
    <message>
        <source>That did not work: {0}</source>
        <translation>没有成功：{0}</translation>
    </message>
    <message>
        <source>The copy could not be saved: {0}.</source>
        <translation>无法保存副本：{0}。</translation>
    </message>
    <message>
        <source>The thumbnail of “{0}” cannot be read.</source>
        <translation>无法读取“{0}”的缩略图。</translation>
    </message>
    <message>
        <source>“{0}” cannot be opened.</source>
        <translation>无法打开“{0}”。</translation>
    </message>
    <message>
        <source>The file may be damaged or no longer there.</source>
        <translation>文件可能已损坏或不存在。</translation>
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
        <source>Get a model…</source>
        <translation>获取模型…</translation>
    </message>
    <message>
        <source>Enter a key…</source>
        <translation>输入密钥…</translation>
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
        <source>Go on</source>
        <translation>继续</translation>
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
    <name>PictureActions</name>
    <message>
        <source>{pictures} deleted</source>
        <translation>已删除 {pictures}</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Export to a folder</source>
        <translation>导出到文件夹</translation>
    </message>
    <message>
        <source>Exported to “{name}”</source>
        <translation>已导出到“{name}”</translation>
    </message>
</context>
<context>
    <name>PromptPanel</name>
    <message>
        <source>Prompt</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>Describe the picture</source>
        <translation>描述您想要的图片</translation>
    </message>
    <message>
        <source>Earlier prompts and examples</source>
        <translation>以前的提示词与示例</translation>
    </message>
    <message>
        <source>What to keep out of the picture</source>
        <translation>不想出现在图片中的内容</translation>
    </message>
    <message>
        <source>Negative prompt</source>
        <translation>反向提示词</translation>
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
        <source>In the cloud the same seed may paint another picture.</source>
        <translation>在云端，同一种子可能生成不同的图片。</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>高级</translation>
    </message>
    <message>
        <source>What the pictures will take</source>
        <translation>预计耗费</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>数量</translation>
    </message>
    <message>
        <source>Earlier prompts</source>
        <translation>以前的提示词</translation>
    </message>
    <message>
        <source>Examples</source>
        <translation>示例</translation>
    </message>
    <message>
        <source>No earlier prompts yet</source>
        <translation>还没有以前的提示词</translation>
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
        <source>{n} of {all} · {text}</source>
        <translation>第 {n} 张，共 {all} 张 · {text}</translation>
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
    <name>SeedField</name>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>The same seed with the same settings paints the same picture.</source>
        <translation>种子和设置相同，生成的图片也相同。</translation>
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
    <name>SettingEditor</name>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
</context>
<context>
    <name>Settings</name>
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
        <source>PNG keeps every detail. JPEG and WebP make smaller files. All three keep the prompt and the settings inside the picture.</source>
        <translation>PNG 保留所有细节，JPEG 和 WebP 文件更小。三种格式都会把提示词和设置存入图片。</translation>
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
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Light or dark colours, or the same as the system.</source>
        <translation>浅色、深色，或与系统一致。</translation>
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
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>The language of the window. Prompts may be in any language.</source>
        <translation>窗口的语言。提示词可以用任何语言。</translation>
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
        <source>Paint with</source>
        <translation>生成方式</translation>
    </message>
    <message>
        <source>What computes the pictures. Automatic takes the fastest way that is ready on this computer.</source>
        <translation>由什么来计算图片。“自动”会选用这台电脑上已就绪的最快方式。</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>MLX (Apple silicon)</source>
        <translation>MLX（Apple 芯片）</translation>
    </message>
    <message>
        <source>PyTorch</source>
        <translation>PyTorch</translation>
    </message>
    <message>
        <source>Replicate</source>
        <translation>Replicate</translation>
    </message>
    <message>
        <source>Precision of MLX</source>
        <translation>MLX 的精度</translation>
    </message>
    <message>
        <source>How exactly MLX computes. Fewer bits need less memory; the pictures differ slightly.</source>
        <translation>MLX 计算的精确程度。位数越少，所需内存越少；图片会略有不同。</translation>
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
        <source>8 bits</source>
        <translation>8 位</translation>
    </message>
    <message>
        <source>4 bits</source>
        <translation>4 位</translation>
    </message>
    <message>
        <source>Precision of PyTorch</source>
        <translation>PyTorch 的精度</translation>
    </message>
    <message>
        <source>How exactly PyTorch computes. Half needs less memory; the pictures differ slightly.</source>
        <translation>PyTorch 计算的精确程度。半精度所需内存较少；图片会略有不同。</translation>
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
        <source>When this computer has no fast way to paint, prompts are sent to Replicate, which charges your account.</source>
        <translation>如果这台电脑无法快速生成图片，提示词会发送到 Replicate，并由其向您的账户收费。</translation>
    </message>
    <message>
        <source>Monthly limit in US dollars</source>
        <translation>每月限额（美元）</translation>
    </message>
    <message>
        <source>When this month&apos;s pictures would cost more, the app stops and asks. With 0 it asks before every picture.</source>
        <translation>本月的图片费用将超出限额时，应用会停下来询问您。设为 0 则每张图片都会先询问。</translation>
    </message>
    <message>
        <source>Free the memory after</source>
        <translation>释放内存前等待</translation>
    </message>
    <message>
        <source>Minutes without work after which the model leaves the memory. The next picture then takes longer to start.</source>
        <translation>闲置多少分钟后将模型移出内存。之后的第一张图片需要更长时间才能开始。</translation>
    </message>
    <message>
        <source>Memory limit in GB</source>
        <translation>内存上限 (GB)</translation>
    </message>
    <message>
        <source>The most memory that a model may take. With 0 the app decides by the memory of this computer.</source>
        <translation>模型最多可占用的内存。设为 0 则由应用根据这台电脑的内存决定。</translation>
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
        <source>Backends</source>
        <translation>计算后端</translation>
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
</context>
<context>
    <name>StartPicture</name>
    <message>
        <source>Start from a picture…</source>
        <translation>以图片为起点…</translation>
    </message>
    <message>
        <source>Choose a picture, or drop one here, and describe what it should become.</source>
        <translation>选择一张图片或将其拖到此处，并描述它应变成什么样。</translation>
    </message>
    <message>
        <source>A black and white picture: only what is white is painted anew.</source>
        <translation>一张黑白图片：只有白色部分会重新生成。</translation>
    </message>
    <message>
        <source>Remove the start picture</source>
        <translation>移除起始图片</translation>
    </message>
    <message>
        <source>How much to change the start picture</source>
        <translation>起始图片的改变程度</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>改变程度</translation>
    </message>
    <message>
        <source>Start from a picture</source>
        <translation>以图片为起点</translation>
    </message>
    <message>
        <source>Choose a mask</source>
        <translation>选择蒙版</translation>
    </message>
    <message>
        <source>Remove the mask</source>
        <translation>移除蒙版</translation>
    </message>
    <message>
        <source>Add a mask…</source>
        <translation>添加蒙版…</translation>
    </message>
</context>
<context>
    <name>TokenCount</name>
    <message>
        <source>Tokens of the prompt</source>
        <translation>提示词的词元数</translation>
    </message>
    <message>
        <source>{n} of {room} tokens</source>
        <translation>{n} / {room} 个词元</translation>
    </message>
    <message>
        <source>{words}: what is crossed out is not read.</source>
        <translation>{words}：划掉的部分不会被读取。</translation>
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
        <source>Close the viewer</source>
        <translation>关闭查看器</translation>
    </message>
    <message>
        <source>{n} %</source>
        <translation>{n}%</translation>
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
        <source>The test could not be started.</source>
        <translation>测试未能启动。</translation>
    </message>
    <message>
        <source>Pictures (*.png *.jpg *.jpeg *.webp)</source>
        <translation>图片 (*.png *.jpg *.jpeg *.webp)</translation>
    </message>
    <message>
        <source>{n} s</source>
        <translation>{n} 秒</translation>
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
        <source>about {time} each</source>
        <translation>每张约 {time}</translation>
    </message>
    <message>
        <source>about {time}</source>
        <translation>约 {time}</translation>
    </message>
    <message>
        <source>{size} of memory, most of it to read the prompt</source>
        <translation>{size} 内存，主要用于读取提示词</translation>
    </message>
    <message>
        <source>{size} of memory, most of it for the model</source>
        <translation>{size} 内存，主要用于模型</translation>
    </message>
    <message>
        <source>{size} of memory, most of it for this size</source>
        <translation>{size} 内存，主要用于此图像尺寸</translation>
    </message>
    <message>
        <source>{size} of memory</source>
        <translation>{size} 内存</translation>
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
        <source>Paint it anyway</source>
        <translation>仍然绘制</translation>
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
